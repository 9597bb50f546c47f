import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { etagOf } from "../../lib/http/conditional.js";
import { readCursor, toPage } from "../../lib/pagination.js";
import { Problem } from "../../lib/problem.js";
import { createTask, listTasks } from "../../lib/tasks/contract.js";
import { idempotencyKey } from "../../lib/tasks/idempotency.js";
import { insertTask, insertTaskOnce, selectTasks } from "../../lib/tasks/queries.js";

const app = createApp([listTasks, createTask]);

handle(app, listTasks, async ({ db, env, access, query }) => {
  const { userId } = access;
  const { status, cursor, limit } = query;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["tasks", userId, status];
  const after = readCursor(ring, scope, cursor);
  const rows = await db.many(selectTasks({ userId, status, after, limit }), access);
  return { status: 200, body: toPage(ring, scope, limit, rows) };
});

handle(app, createTask, async ({ db, access, headers, body }) => {
  const { userId } = access;
  const key = headers["idempotency-key"];
  const values = { ...body, id: uuidv7(), userId };
  const query = key ? insertTaskOnce(values, idempotencyKey(userId, key, body)) : insertTask(values);
  const { task, isReplay, isSameRequest } = await db.exactlyOne(query, access);
  if (!isSameRequest) throw new Problem("idempotency-key-reused");
  return {
    status: 201,
    body: task,
    headers: {
      Location: `${createTask.path}/${task.id}`,
      ETag: etagOf(task),
      ...(isReplay ? { "Idempotent-Replayed": "true" } : {}),
    },
  };
});

export default app;
