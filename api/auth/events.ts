import { createApp } from "../../lib/app.js";
import { listSecurityEvents } from "../../lib/auth/contract/events.js";
import { selectOwnEvents } from "../../lib/auth/queries/own-events.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { readCursor, toPage } from "../../lib/pagination.js";

const app = createApp([listSecurityEvents]);

handle(app, listSecurityEvents, async ({ db, env, access, query: { cursor, limit } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["security events", access.userId];
  const after = readCursor(ring, scope, cursor);
  const rows = await db.many(selectOwnEvents(access.userId, after, limit), access);
  return { status: 200, body: toPage(ring, scope, rows) };
});

export default app;
