import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { etagOf, expectedVersions, isNotModified, requireApplied } from "../../lib/http/conditional.js";
import { Problem } from "../../lib/problem.js";
import { deleteTask, getTask, patchTask } from "../../lib/tasks/contract.js";
import { deleteTaskRow, selectTask, updateTask } from "../../lib/tasks/queries/tasks.js";

const app = createApp([getTask, patchTask, deleteTask]);

handle(app, getTask, async ({ db, access, params, headers }) => {
  const task = await db.maybeOne(selectTask(access.userId, params.id), access);
  if (!task) throw new Problem("not-found");
  const etag = { ETag: etagOf(task) };
  if (isNotModified(headers["if-none-match"], task)) return { status: 304, headers: etag };
  return { status: 200, body: task, headers: etag };
});

handle(app, patchTask, async ({ db, access, params, headers, body }) => {
  const target = { userId: access.userId, id: params.id, versions: expectedVersions(headers["if-match"]) };
  const task = requireApplied(await db.maybeOne(await updateTask(target, body), access));
  return { status: 200, body: task, headers: { ETag: etagOf(task) } };
});

handle(app, deleteTask, async ({ db, access, params, headers }) => {
  const target = { userId: access.userId, id: params.id, versions: expectedVersions(headers["if-match"]) };
  requireApplied(await db.maybeOne(deleteTaskRow(target), access));
  return { status: 204 };
});

export default app;
