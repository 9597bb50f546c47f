import { listAdminEvents } from "../../lib/admin/contract/events.js";
import { selectEvents } from "../../lib/admin/queries/events.js";
import { createApp } from "../../lib/app.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { readCursor, toPage } from "../../lib/pagination.js";

const app = createApp([listAdminEvents]);

handle(app, listAdminEvents, async ({ db, env, access, query }) => {
  const { actor, target, cursor, limit } = query;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["admin events", actor, target];
  const after = readCursor(ring, scope, cursor);
  const rows = await db.many(selectEvents({ actor, target, after, limit }), access);
  return { status: 200, body: toPage(ring, scope, rows) };
});

export default app;
