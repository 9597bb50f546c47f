import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { readCursor, toPage } from "../../lib/cursor.js";
import { handle } from "../../lib/handle.js";
import { etagOf } from "../../lib/http/etag.js";
import { Problem } from "../../lib/problem.js";
import { createTask, listTasks } from "../../lib/tasks/contract.js";
import { idempotencyKey } from "../../lib/tasks/idempotency.js";
import { insertTask, insertTaskOnce, selectTasks } from "../../lib/tasks/queries.js";

const app = createApp([listTasks, createTask]);

handle(app, listTasks, async (c) => {
  const { access, claims } = c.var;
  const { status, cursor, limit } = c.req.valid("query");
  const { userId } = access;
  const scope = ["tasks", userId, status];
  const after = readCursor(claims.ring, scope, cursor);
  const rows = await c.var.db.all(selectTasks({ userId, status, after, limit }), access);
  return { status: 200, body: toPage(claims.ring, scope, limit, rows) };
});

handle(app, createTask, async (c) => {
  const { access } = c.var;
  const input = c.req.valid("json");
  const key = c.req.valid("header")["idempotency-key"];
  const task = { ...input, id: uuidv7(), userId: access.userId };
  const query =
    key === undefined ? insertTask(task) : insertTaskOnce(task, idempotencyKey(access.userId, key, input));
  const row = await c.var.db.only(query, access);
  if (!row.isSameRequest) throw new Problem("idempotency-key-reused");

  const { id, createdAt } = row;
  const completedAt = input.status === "done" ? createdAt : null;
  return {
    status: 201,
    body: { id, ...input, version: 1, completedAt, createdAt, updatedAt: createdAt },
    headers: {
      Location: createTask.path.concat("/", id),
      ETag: etagOf(1),
      ...(row.isReplay ? { "Idempotent-Replayed": "true" } : {}),
    },
  };
});

export default app;
