import { createApp } from "../lib/app.js";
import { keyRing } from "../lib/crypto/keys.js";
import { handle } from "../lib/handle.js";
import { Problem } from "../lib/problem.js";
import { syncChanges } from "../lib/sync/contract.js";
import { syncPageOf } from "../lib/sync/page.js";
import { selectChanges } from "../lib/sync/queries/changes.js";
import { readToken } from "../lib/sync/token.js";

const app = createApp([syncChanges]);

handle(app, syncChanges, async ({ db, env, access, query }) => {
  const { userId } = access;
  const ring = keyRing(env.AUTH_SECRET);
  const since = query.since === undefined ? null : readToken(ring, userId, query.since);
  const { isCurrent, ...found } = await db.exactlyOne(selectChanges(userId, since, query.limit), access);
  if (!isCurrent) throw new Problem("full-resync-required");
  return { status: 200, body: syncPageOf({ ring, userId, since }, found) };
});

export default app;
