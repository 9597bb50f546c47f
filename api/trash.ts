import { createApp } from "../lib/app.js";
import { keyRing } from "../lib/crypto/keys.js";
import { handle } from "../lib/handle.js";
import { readCursor, toPage } from "../lib/pagination.js";
import { emptyTrash, listTrash } from "../lib/tasks/contract/trash.js";
import { purgeTrashOf, selectTrash } from "../lib/tasks/queries/trash.js";

const app = createApp([listTrash, emptyTrash]);

handle(app, listTrash, async ({ db, env, access, query }) => {
  const { userId } = access;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["trash", userId];
  const page = { userId, after: readCursor(ring, scope, query.cursor), limit: query.limit };
  return { status: 200, body: toPage(ring, scope, await db.many(selectTrash(page), access)) };
});

handle(app, emptyTrash, async ({ db, access }) => {
  await db.exactlyOne(purgeTrashOf(access.userId), access);
  return { status: 204 };
});

export default app;
