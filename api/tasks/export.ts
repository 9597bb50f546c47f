import { createApp } from "../../lib/app.js";
import { exportAllowanceOf } from "../../lib/auth/allowance.js";
import { budgets } from "../../lib/auth/limits.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { streamedReads } from "../../lib/http/streamed-reads.js";
import { exportTasks } from "../../lib/transfer/contract.js";
import { fileStream } from "../../lib/transfer/file-stream.js";
import { tasksPerPage } from "../../lib/transfer/limits.js";
import { selectContents, selectExportedTasks } from "../../lib/transfer/queries/export.js";
import { exportTypes, writeFile } from "../../lib/transfer/write-file.js";

const app = createApp([exportTasks]);

handle(app, exportTasks, async ({ db, env, access, requestId, query: { format } }) => {
  const { userId } = access;
  const allowance = exportAllowanceOf(keyRing(env.AUTH_SECRET)[0], userId, budgets.taskExportsByUser);
  const caller = { ...access, allowance };
  const contents = await db.exactlyOne(selectContents(userId), caller);
  const read = streamedReads({ env, access: caller, requestId });
  async function* pages() {
    for (let start = 0; start < contents.taskIds.length; start += tasksPerPage) {
      yield await read(selectExportedTasks(userId, contents.taskIds.slice(start, start + tasksPerPage)));
    }
  }
  const now = new Date();
  const name = `latchkey-tasks-${now.toISOString().slice(0, 10)}.${format}`;
  return {
    status: 200,
    body: fileStream(writeFile(format, contents, pages(), now)),
    mediaType: exportTypes[format],
    headers: { "Content-Disposition": `attachment; filename="${name}"` },
  };
});

export default app;
