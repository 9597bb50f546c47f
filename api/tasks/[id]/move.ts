import { createApp } from "../../../lib/app.js";
import { handle } from "../../../lib/handle.js";
import { etagOf, requireApplied, targetOf } from "../../../lib/http/conditional.js";
import { idempotencyKey, replayMark, requireSameRequest } from "../../../lib/http/idempotency.js";
import { Problem } from "../../../lib/problem.js";
import { requireNeighbours } from "../../../lib/resources/neighbours.js";
import { moveTask } from "../../../lib/tasks/contract/move.js";
import { moveTaskRow } from "../../../lib/tasks/queries/move.js";
import { requireReferences } from "../../../lib/tasks/references.js";

const app = createApp([moveTask]);

handle(app, moveTask, async ({ db, access, params, headers, body }) => {
  const key = idempotencyKey(moveTask, access.userId, headers["idempotency-key"], { ...params, ...body });
  const row = await db.maybeOne(moveTaskRow(targetOf(access, params, headers), body, key), access);
  if (!row) throw new Problem("not-found");
  requireSameRequest(row.isSameRequest);
  const task = requireApplied(row);
  requireNeighbours(row);
  requireReferences({ refusedMember: row.refusedPlacement });
  return { status: 200, body: task, headers: { ETag: etagOf(task), ...replayMark(row) } };
});

export default app;
