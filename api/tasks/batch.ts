import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { idempotencyKey, replayMark } from "../../lib/http/idempotency.js";
import { applyBatch } from "../../lib/tasks/batch.js";
import { batchTasks } from "../../lib/tasks/contract/batch.js";

const app = createApp([batchTasks]);

handle(app, batchTasks, async ({ db, access, headers, body }) => {
  const key = idempotencyKey(batchTasks, access.userId, headers["idempotency-key"], body);
  const { tasks, isReplay } = await applyBatch({ db, access }, body.operations, key);
  return { status: 200, body: { tasks }, headers: replayMark({ isReplay }) };
});

export default app;
