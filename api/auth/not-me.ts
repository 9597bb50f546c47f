import { uuidv7 } from "uuidv7";
import { clearGuessBudgetsLater } from "../../lib/auth/clear-guess-budgets.js";
import { notMe } from "../../lib/auth/contract/not-me.js";
import { budgets } from "../../lib/auth/limits.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { secureAccount } from "../../lib/auth/queries/not-me.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { createThrottle } from "../../lib/auth/throttle.js";
import { voidHash } from "../../lib/auth/void-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([notMe]);

const messages = {
  secured: "The account is secured. An email with a link for a new password is on its way.",
  handled: "The account was secured after this email already. Nothing has changed.",
};

handle(app, notMe, async ({ db, env, mailer, requestId, request, body: { token } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const noticeId = readLinkToken(ring, "not-me", token);
  if (!noticeId) throw new Problem("invalid-link");
  const throttle = createThrottle(ring[0], [
    { budget: budgets.notMeByIp, subject: clientBlock(request.headers, env) },
  ]);
  const linkId = uuidv7();
  const event = newEvent(ring, request.headers, env);
  const row = await db.exactlyOne(
    secureAccount(throttle.charge, { noticeId, voidHash, linkId, event, appUrl: env.APP_URL, requestId }),
  );
  throttle.requireRoom(row);
  const { outcome, email } = row;
  if (outcome === "invalid") throw new Problem("invalid-link");
  if (email) {
    mailer.sendLater(email);
    clearGuessBudgetsLater({ env, requestId, request }, email.recipient, linkId);
  }
  return { status: 200, body: { message: messages[outcome], repeated: outcome === "handled" } };
});

export default app;
