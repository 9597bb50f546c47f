import { createApp } from "../../../lib/app.js";
import { handle } from "../../../lib/handle.js";
import { etagOf, requireApplied, targetOf } from "../../../lib/http/conditional.js";
import { idempotencyKey, replayMark, requireSameRequest } from "../../../lib/http/idempotency.js";
import { Problem } from "../../../lib/problem.js";
import { moveProject } from "../../../lib/projects/contract.js";
import { moveProjectRow } from "../../../lib/projects/queries/move.js";
import { requireNeighbours } from "../../../lib/resources/neighbours.js";

const app = createApp([moveProject]);

handle(app, moveProject, async ({ db, access, params, headers, body }) => {
  const key = idempotencyKey(moveProject, access.userId, headers["idempotency-key"], { ...params, ...body });
  const row = await db.maybeOne(moveProjectRow(targetOf(access, params, headers), body, key), access);
  if (!row) throw new Problem("not-found");
  requireSameRequest(row.isSameRequest);
  const project = requireApplied(row);
  requireNeighbours(row);
  return { status: 200, body: project, headers: { ETag: etagOf(project), ...replayMark(row) } };
});

export default app;
