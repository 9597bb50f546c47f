import { passwordTags } from "../../lib/auth/context-tags.js";
import { resetPassword, resetPasswordPage } from "../../lib/auth/contract/password-reset.js";
import { budgets } from "../../lib/auth/limits.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { prepareNewPassword } from "../../lib/auth/new-password.js";
import {
  breachedPasswordProblem,
  contextPasswordProblem,
  refuseCommonPassword,
} from "../../lib/auth/password-policy.js";
import { verifyPassword } from "../../lib/auth/passwords.js";
import { consumeReset } from "../../lib/auth/queries/links.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { createThrottle } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { linkUrl } from "../../lib/mail/messages.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([resetPassword, resetPasswordPage]);

handle(app, resetPassword, async ({ db, env, mailer, requestId, request, body: { token, password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const linkId = readLinkToken(ring, "reset-password", token);
  if (!linkId) throw new Problem("invalid-link");
  refuseCommonPassword(password);
  const block = clientBlock(request.headers, env);
  const throttle = createThrottle(ring[0], [
    { budget: budgets.resetByIp, subject: block },
    { budget: budgets.guessesByLink, subject: linkId },
  ]);
  const reset = {
    linkId,
    ...(await prepareNewPassword(password, { env, requestId, block })),
    passwordTags: passwordTags(ring, password),
    appUrl: env.APP_URL,
    event: newEvent(ring, request.headers, env),
  };
  const row = await db.exactlyOne(consumeReset(throttle.charge, reset));
  throttle.requireRoom(row);
  if (row.outcome === "context") throw contextPasswordProblem();
  if (row.outcome === "breached") throw breachedPasswordProblem();
  // A retry whose first response was lost: the password stands, so the link may say so again.
  const isRepeat = row.currentHash !== null && (await verifyPassword(password, row.currentHash, block));
  if (row.outcome !== "reset" && !isRepeat) throw new Problem("invalid-link");
  mailer.sendLater(row.email);
  return { status: 204 };
});

handle(app, resetPasswordPage, async ({ env, query }) => ({
  status: 303,
  headers: { Location: linkUrl(env.APP_URL, "reset-password", query.token) },
}));

export default app;
