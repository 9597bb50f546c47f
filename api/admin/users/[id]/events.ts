import { listUserEvents } from "../../../../lib/admin/contract/sessions.js";
import { selectUserEvents } from "../../../../lib/admin/queries/user-events.js";
import { createApp } from "../../../../lib/app.js";
import { keyRing } from "../../../../lib/crypto/keys.js";
import { handle } from "../../../../lib/handle.js";
import { readCursor, toPage } from "../../../../lib/pagination.js";
import { Problem } from "../../../../lib/problem.js";

const app = createApp([listUserEvents]);

handle(app, listUserEvents, async ({ db, env, access, params: { id }, query: { cursor, limit } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["events of a user", id];
  const after = readCursor(ring, scope, cursor);
  const found = await db.maybeOne(selectUserEvents(id, after, limit), access);
  if (!found) throw new Problem("not-found");
  return { status: 200, body: toPage(ring, scope, found.events) };
});

export default app;
