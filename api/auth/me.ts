import { uuidv7 } from "uuidv7";
import { bearerProblem } from "../../lib/auth/challenge.js";
import { nameTag } from "../../lib/auth/context-tags.js";
import { getMe, patchMe } from "../../lib/auth/contract/account.js";
import { closeAccount } from "../../lib/auth/contract/closing.js";
import { selectMe, updateMe } from "../../lib/auth/queries/accounts.js";
import { closeAccountRow } from "../../lib/auth/queries/closing.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { clearCookieOf } from "../../lib/auth/session-end.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([getMe, patchMe, closeAccount]);

handle(app, getMe, async ({ db, access }) => {
  const user = await db.maybeOne(selectMe(access.userId), access);
  if (!user) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: user };
});

handle(app, patchMe, async ({ db, env, access, body: { name, timeZone } }) => {
  const isEmpty = name === undefined && timeZone === undefined;
  const newTag = name === undefined ? undefined : nameTag(keyRing(env.AUTH_SECRET), name);
  const query = isEmpty
    ? selectMe(access.userId)
    : updateMe(access.userId, { name, nameTag: newTag, timeZone });
  const user = await db.maybeOne(query, access);
  if (!user) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: user };
});

handle(app, closeAccount, async ({ db, env, access, requestId, mailer, request }) => {
  const { userId, sessionId } = access;
  const event = newEvent(keyRing(env.AUTH_SECRET), request.headers, env);
  const closing = { userId, sessionId, linkId: uuidv7(), event, appUrl: env.APP_URL, requestId };
  const row = await db.maybeOne(closeAccountRow(closing), access);
  if (!row) throw bearerProblem("session-ended", "invalid_token");
  if (!row.purgeAt) throw new Problem("last-admin");
  mailer.sendLater(row.email);
  const headers = clearCookieOf(sessionId, request.headers, env);
  return { status: 202, body: { purgeAt: row.purgeAt }, headers };
});

export default app;
