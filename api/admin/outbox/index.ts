import { listOutbox } from "../../../lib/admin/contract/outbox.js";
import { selectOutbox } from "../../../lib/admin/queries/outbox.js";
import { createApp } from "../../../lib/app.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { handle } from "../../../lib/handle.js";
import { readCursor, toPage } from "../../../lib/pagination.js";

const app = createApp([listOutbox]);

handle(app, listOutbox, async ({ db, env, access, query: { state, cursor, limit } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["outbox", state];
  const after = readCursor(ring, scope, cursor);
  const rows = await db.many(selectOutbox({ state, after, limit }), access);
  return { status: 200, body: toPage(ring, scope, rows) };
});

export default app;
