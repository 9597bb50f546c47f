import { listUsers } from "../../../lib/admin/contract.js";
import { selectUsers } from "../../../lib/admin/queries.js";
import { createApp } from "../../../lib/app.js";
import { readCursor, toPage } from "../../../lib/cursor.js";
import { handle } from "../../../lib/handle.js";

const app = createApp([listUsers]);

handle(app, listUsers, async (c) => {
  const { access, claims } = c.var;
  const { q, role, cursor, limit } = c.req.valid("query");
  const scope = ["users", q, role];
  const after = readCursor(claims.ring, scope, cursor);
  const rows = await c.var.db.all(selectUsers({ q, role, after, limit }), access);
  return { status: 200, body: toPage(claims.ring, scope, limit, rows) };
});

export default app;
