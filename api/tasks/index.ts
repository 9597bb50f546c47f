import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { etagOf } from "../../lib/http/conditional.js";
import { idempotencyKey, replayMark, requireCreated } from "../../lib/http/idempotency.js";
import { readCursor, toPage } from "../../lib/pagination.js";
import { createTask, listTasks } from "../../lib/tasks/contract/tasks.js";
import { taskQuota } from "../../lib/tasks/limits.js";
import { selectCountedTasks, selectTasks } from "../../lib/tasks/queries/list.js";
import { insertTask } from "../../lib/tasks/queries/tasks.js";
import { requireReferences } from "../../lib/tasks/references.js";

const app = createApp([listTasks, createTask]);

handle(app, listTasks, async ({ db, env, access, query }) => {
  const { userId } = access;
  const { cursor, limit, count, ...filter } = query;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["tasks", userId, JSON.stringify(filter)];
  const page = { userId, after: readCursor(ring, scope, cursor), limit };
  if (!count)
    return { status: 200, body: toPage(ring, scope, await db.many(selectTasks(page, filter), access)) };
  const counted = await db.exactlyOne(selectCountedTasks(page, filter), access);
  return { status: 200, body: { ...toPage(ring, scope, counted.rows), count: counted.count } };
});

handle(app, createTask, async ({ db, access, headers, body }) => {
  const { userId } = access;
  const key = idempotencyKey(createTask, userId, headers["idempotency-key"], body);
  const row = await db.exactlyOne(await insertTask({ id: uuidv7(), userId, body }, key), access);
  requireReferences(row);
  const task = requireCreated(row, taskQuota);
  return {
    status: 201,
    body: task,
    headers: { Location: `${createTask.path}/${task.id}`, ETag: etagOf(task), ...replayMark(row) },
  };
});

export default app;
