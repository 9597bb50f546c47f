import { createApp } from "../../lib/app.js";
import { feedAllowanceOf } from "../../lib/auth/allowance.js";
import { userPseudonym } from "../../lib/crypto/keyed-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { calendarOf } from "../../lib/feed/calendar.js";
import { readFeed } from "../../lib/feed/contract.js";
import { selectPublishedTasks } from "../../lib/feed/queries/published-tasks.js";
import { readFeedFile } from "../../lib/feed/token.js";
import { handle } from "../../lib/handle.js";
import { knownTags } from "../../lib/http/conditional.js";
import { Problem } from "../../lib/problem.js";
import { feedLimits } from "../../lib/tasks/limits.js";

const app = createApp([readFeed]);

handle(app, readFeed, async ({ db, env, log, params, headers }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const feed = readFeedFile(ring, params.file);
  if (!feed) throw new Problem("not-found");
  log.user = userPseudonym(ring[0], feed.userId);
  const allowance = feedAllowanceOf(ring[0], feed.userId);
  const found = await db.maybeOne(selectPublishedTasks(feed, knownTags(headers["if-none-match"]), allowance));
  if (!found) throw new Problem("not-found");
  // Private, because a shared cache would keep serving a revoked feed.
  const cached = { ETag: `"${found.tag}"`, "Cache-Control": `private, max-age=${feedLimits.maxAgeSeconds}` };
  if (!found.tasks) return { status: 304, headers: cached };
  return { status: 200, body: calendarOf(found.tasks), headers: cached };
});

export default app;
