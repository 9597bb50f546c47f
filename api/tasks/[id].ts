import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { etagOf, isNotModified, requireApplied, targetOf } from "../../lib/http/conditional.js";
import { Problem } from "../../lib/problem.js";
import { applyChange } from "../../lib/tasks/change.js";
import { requireClientId } from "../../lib/tasks/client-id.js";
import { deleteTask, getTask, patchTask, putTask } from "../../lib/tasks/contract/task.js";
import { putTaskRow, replacing } from "../../lib/tasks/queries/put.js";
import { selectTask } from "../../lib/tasks/queries/tasks.js";
import { trashTask } from "../../lib/tasks/queries/trash.js";
import { type Step, updateTask } from "../../lib/tasks/queries/update.js";
import { undoOf } from "../../lib/tasks/undo.js";

const app = createApp([getTask, putTask, patchTask, deleteTask]);

handle(app, getTask, async ({ db, access, params, headers }) => {
  const task = await db.maybeOne(selectTask(access.userId, params.id), access);
  if (!task) throw new Problem("not-found");
  const etag = { ETag: etagOf(task) };
  if (isNotModified(headers["if-none-match"], task)) return { status: 304, headers: etag };
  return { status: 200, body: task, headers: etag };
});

handle(app, putTask, async ({ db, access, params, headers, body }) => {
  requireClientId(params.id);
  const target = targetOf(access, params, headers);
  const mayCreate = headers["if-match"] === undefined;
  const put = async (step: Step | null) =>
    db.maybeOne(await putTaskRow(target, body, step, { mayCreate }), access);
  const { resource: task, isCreated } = await applyChange(replacing(body), put);
  const etag = { ETag: etagOf(task) };
  if (!isCreated) return { status: 200, body: task, headers: etag };
  return { status: 201, body: task, headers: { ...etag, Location: putTask.path.replace("{id}", task.id) } };
});

handle(app, patchTask, async ({ db, access, params, headers, body }) => {
  const target = targetOf(access, params, headers);
  const update = async (step: Step | null) => db.maybeOne(await updateTask(target, body, step), access);
  const { resource: task } = await applyChange(body, update);
  return { status: 200, body: task, headers: { ETag: etagOf(task) } };
});

handle(app, deleteTask, async ({ db, access, params, headers }) => {
  const task = requireApplied(await db.maybeOne(trashTask(targetOf(access, params, headers)), access));
  return { status: 200, body: { undo: undoOf(task) }, headers: { ETag: etagOf(task) } };
});

export default app;
