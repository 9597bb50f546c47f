import { DatabaseFault } from "../../db/fault.js";
import { createApp } from "../../lib/app.js";
import { exportAllowanceOf } from "../../lib/auth/allowance.js";
import { exportAccount } from "../../lib/auth/contract/export.js";
import { exportStream } from "../../lib/auth/export-stream.js";
import { budgets } from "../../lib/auth/limits.js";
import { selectExportPage } from "../../lib/auth/queries/export.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { streamedReads } from "../../lib/http/streamed-reads.js";

const app = createApp([exportAccount]);

handle(app, exportAccount, async ({ db, env, access, requestId }) => {
  const { userId } = access;
  const caller = {
    ...access,
    allowance: exportAllowanceOf(keyRing(env.AUTH_SECRET)[0], userId, budgets.exportsByUser),
  };
  const read = streamedReads({ env, access: caller, requestId });
  const query = selectExportPage(userId, null);
  const first = await db.many(query, caller);
  // The guard has found the account, so a page without it is a fault, and the response has not begun yet.
  if (first.length === 0) throw new DatabaseFault("unexpected-result", query.name, { at: "no row" });
  const now = new Date();
  const name = `latchkey-export-${now.toISOString().slice(0, 10)}.json`;
  return {
    status: 200,
    body: exportStream({ first, next: (after) => read(selectExportPage(userId, after)) }, now),
    headers: { "Content-Disposition": `attachment; filename="${name}"` },
  };
});

export default app;
