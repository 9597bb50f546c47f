import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { etagOf } from "../../lib/http/conditional.js";
import { idempotencyKey, replayMark, requireCreated } from "../../lib/http/idempotency.js";
import { readCursor, toPage } from "../../lib/pagination.js";
import { createProject, listProjects } from "../../lib/projects/contract.js";
import { projectQuota } from "../../lib/projects/limits.js";
import { insertProject, selectProjects } from "../../lib/projects/queries/projects.js";

const app = createApp([listProjects, createProject]);

handle(app, listProjects, async ({ db, env, access, query }) => {
  const { userId } = access;
  const { cursor, limit, archived } = query;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["projects", userId, archived];
  const page = { userId, after: readCursor(ring, scope, cursor), limit };
  const rows = await db.many(selectProjects(page, archived && archived === "true"), access);
  return { status: 200, body: toPage(ring, scope, rows) };
});

handle(app, createProject, async ({ db, access, headers, body }) => {
  const { userId } = access;
  const key = idempotencyKey(createProject, userId, headers["idempotency-key"], body);
  const row = await db.exactlyOne(insertProject({ id: uuidv7(), userId, body }, key), access);
  const project = requireCreated(row, projectQuota);
  return {
    status: 201,
    body: project,
    headers: { Location: `${createProject.path}/${project.id}`, ETag: etagOf(project), ...replayMark(row) },
  };
});

export default app;
