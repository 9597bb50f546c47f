import { createApp } from "../../lib/app.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { listLabels } from "../../lib/labels/contract.js";
import { selectLabels } from "../../lib/labels/queries/list.js";
import { readCursor, toPage } from "../../lib/pagination.js";

const app = createApp([listLabels]);

handle(app, listLabels, async ({ db, env, access, query }) => {
  const { userId } = access;
  const ring = keyRing(env.AUTH_SECRET);
  const scope = ["labels", userId];
  const page = { userId, after: readCursor(ring, scope, query.cursor), limit: query.limit };
  return { status: 200, body: toPage(ring, scope, await db.many(selectLabels(page), access)) };
});

export default app;
