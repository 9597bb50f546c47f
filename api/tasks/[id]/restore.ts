import { createApp } from "../../../lib/app.js";
import { handle } from "../../../lib/handle.js";
import { etagOf, requireApplied, targetOf } from "../../../lib/http/conditional.js";
import {
  idempotencyKey,
  replayMark,
  requireRoom,
  requireSameRequest,
} from "../../../lib/http/idempotency.js";
import { Problem } from "../../../lib/problem.js";
import { restoreTask } from "../../../lib/tasks/contract/trash.js";
import { taskQuota } from "../../../lib/tasks/limits.js";
import { restoreTaskRow } from "../../../lib/tasks/queries/restore.js";

const app = createApp([restoreTask]);

handle(app, restoreTask, async ({ db, access, params, headers }) => {
  const key = idempotencyKey(restoreTask, access.userId, headers["idempotency-key"], params);
  const row = await db.maybeOne(restoreTaskRow(targetOf(access, params, headers), key), access);
  if (!row) throw new Problem("not-found");
  requireSameRequest(row.isSameRequest);
  const task = requireApplied(row);
  requireRoom(row.hasRoom ? task : null, taskQuota);
  return { status: 200, body: task, headers: { ETag: etagOf(task), ...replayMark(row) } };
});

export default app;
