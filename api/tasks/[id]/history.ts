import { createApp } from "../../../lib/app.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { handle } from "../../../lib/handle.js";
import { readCursor, toPage } from "../../../lib/pagination.js";
import { Problem } from "../../../lib/problem.js";
import { listTaskRevisions } from "../../../lib/tasks/contract/history.js";
import { selectHistory } from "../../../lib/tasks/queries/history.js";

const app = createApp([listTaskRevisions]);

handle(app, listTaskRevisions, async ({ db, env, access, params, query }) => {
  const { userId } = access;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["task-history", userId, params.id];
  const page = { userId, after: readCursor(ring, scope, query.cursor), limit: query.limit };
  const { isFound, rows } = await db.exactlyOne(selectHistory(params.id, page), access);
  if (!isFound) throw new Problem("not-found");
  const { data, nextCursor } = toPage(ring, scope, rows);
  return { status: 200, body: { data: data.map(({ id: _, ...revision }) => revision), nextCursor } };
});

export default app;
