import { uuidv7 } from "uuidv7";
import { allowanceOf } from "../../lib/auth/allowance.js";
import { bearerProblem } from "../../lib/auth/challenge.js";
import { budgets } from "../../lib/auth/limits.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { createFeed, deleteFeed, getFeed } from "../../lib/feed/contract.js";
import { deleteFeedRow, replaceFeed, selectFeed } from "../../lib/feed/queries/own-feed.js";
import { feedUrl } from "../../lib/feed/token.js";
import { handle } from "../../lib/handle.js";
import { idempotencyKey, replayMark } from "../../lib/http/idempotency.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([createFeed, getFeed, deleteFeed]);

handle(app, createFeed, async ({ db, env, access, headers, mailer, request }) => {
  const { userId, sessionId } = access;
  const ring = keyRing(env.AUTH_SECRET);
  const event = newEvent(ring, request.headers, env);
  const newFeed = { userId, sessionId, id: uuidv7(), event, appUrl: env.APP_URL };
  const allowance = allowanceOf(ring[0], userId, [budgets.writesByUser, budgets.feedsByUser]);
  const key = idempotencyKey(createFeed, userId, headers["idempotency-key"], {});
  const row = await db.maybeOne(replaceFeed(newFeed, key), { ...access, allowance });
  if (!row) throw bearerProblem("session-ended", "invalid_token");
  if (row.email) mailer.sendLater(row.email);
  if (!row.feed) throw new Problem("not-found");
  const { id, createdAt } = row.feed;
  return { status: 201, body: { url: feedUrl(env, { userId, id }), createdAt }, headers: replayMark(row) };
});

handle(app, getFeed, async ({ db, env, access }) => {
  const feed = await db.maybeOne(selectFeed(access.userId), access);
  if (!feed) throw new Problem("not-found");
  const { id, createdAt } = feed;
  return { status: 200, body: { url: feedUrl(env, { userId: access.userId, id }), createdAt } };
});

handle(app, deleteFeed, async ({ db, env, access, request }) => {
  await db.many(deleteFeedRow(access, newEvent(keyRing(env.AUTH_SECRET), request.headers, env)), access);
  return { status: 204 };
});

export default app;
