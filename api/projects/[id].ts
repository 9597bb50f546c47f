import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { etagOf, isNotModified, requireApplied, targetOf } from "../../lib/http/conditional.js";
import { Problem } from "../../lib/problem.js";
import { deleteProject, getProject, patchProject } from "../../lib/projects/contract.js";
import { deleteProjectRow } from "../../lib/projects/queries/delete.js";
import { selectProject } from "../../lib/projects/queries/projects.js";
import { updateProject } from "../../lib/projects/queries/update.js";

const app = createApp([getProject, patchProject, deleteProject]);

handle(app, getProject, async ({ db, access, params, headers }) => {
  const project = await db.maybeOne(selectProject(access.userId, params.id), access);
  if (!project) throw new Problem("not-found");
  const etag = { ETag: etagOf(project) };
  if (isNotModified(headers["if-none-match"], project)) return { status: 304, headers: etag };
  return { status: 200, body: project, headers: etag };
});

handle(app, patchProject, async ({ db, access, params, headers, body }) => {
  const target = targetOf(access, params, headers);
  const project = requireApplied(await db.maybeOne(updateProject(target, body), access));
  return { status: 200, body: project, headers: { ETag: etagOf(project) } };
});

handle(app, deleteProject, async ({ db, access, params, headers, query }) => {
  const target = targetOf(access, params, headers);
  const row = await db.maybeOne(deleteProjectRow(target, query.tasks), access);
  if (!row) throw new Problem("not-found");
  const { outcome, resource } = row;
  if (outcome === "not-empty") throw new Problem("project-not-empty");
  if (resource) requireApplied({ isApplied: outcome === "deleted", resource, changedFields: null });
  return { status: 204 };
});

export default app;
