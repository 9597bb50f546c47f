import { listUsers } from "../../../lib/admin/contract/users.js";
import { selectUsers } from "../../../lib/admin/queries/users.js";
import { createApp } from "../../../lib/app.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { handle } from "../../../lib/handle.js";
import { readCursor, toPage } from "../../../lib/pagination.js";

const app = createApp([listUsers]);

handle(app, listUsers, async ({ db, env, access, query }) => {
  const { q, role, cursor, limit } = query;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["users", q, role];
  const after = readCursor(ring, scope, cursor);
  const rows = await db.many(selectUsers({ q, role, after, limit }), access);
  return { status: 200, body: toPage(ring, scope, rows) };
});

export default app;
