import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { etagOf, matchVersions, noneMatchNames } from "../../lib/http/etag.js";
import { Problem } from "../../lib/problem.js";
import { deleteTask, getTask, patchTask, type Task } from "../../lib/tasks/contract.js";
import { deleteTaskRow, selectTask, updateTask } from "../../lib/tasks/queries.js";

const app = createApp([getTask, patchTask, deleteTask]);

handle(app, getTask, async (c) => {
  const { access } = c.var;
  const task = await c.var.db.one(selectTask(access.userId, c.req.valid("param").id), access);
  if (!task) throw new Problem("not-found");
  const headers = { ETag: etagOf(task.version) };
  if (noneMatchNames(c.req.valid("header")["if-none-match"], task.version)) return { status: 304, headers };
  return { status: 200, body: task, headers };
});

handle(app, patchTask, async (c) => {
  const { access } = c.var;
  const { title, description, status } = c.req.valid("json");
  const versions = matchVersions(c.req.valid("header")["if-match"]);
  const change = { title, description, status };
  const row = await c.var.db.one(
    updateTask(access.userId, c.req.valid("param").id, change, versions),
    access,
  );
  if (!row) throw new Problem("not-found");
  if (!row.isDone) throw outdated(row.task);
  return { status: 200, body: row.task, headers: { ETag: etagOf(row.task.version) } };
});

handle(app, deleteTask, async (c) => {
  const { access } = c.var;
  const versions = matchVersions(c.req.valid("header")["if-match"]);
  const row = await c.var.db.one(deleteTaskRow(access.userId, c.req.valid("param").id, versions), access);
  if (!row) throw new Problem("not-found");
  if (!row.isDone) throw outdated(row.task);
  return { status: 204 };
});

const outdated = (current: Task) =>
  new Problem("precondition-failed", { headers: { etag: etagOf(current.version) }, extensions: { current } });

export default app;
