import { uuidv7 } from "uuidv7";
import { passwordTags } from "../../lib/auth/context-tags.js";
import { resetPassword, resetPasswordPage } from "../../lib/auth/contract.js";
import { budgets } from "../../lib/auth/limits.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { contextPasswordProblem, refuseCommonPassword } from "../../lib/auth/password-policy.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { consumeReset } from "../../lib/auth/queries/links.js";
import { requireBudget } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { linkUrl } from "../../lib/mail/messages.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([resetPassword, resetPasswordPage]);

handle(app, resetPassword, async ({ db, env, mailer, request, body: { token, password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const linkId = readLinkToken(ring, "reset-password", token);
  if (!linkId) throw new Problem("invalid-link");
  refuseCommonPassword(password);

  const charges = [{ budget: budgets.resetByIp, subject: clientBlock(request.headers) }];
  const reset = {
    linkId,
    passwordHash: await hashPassword(password),
    passwordTags: passwordTags(ring, password),
    emailId: uuidv7(),
    eventId: uuidv7(),
  };
  const row = await db.exactlyOne(consumeReset(ring[0], charges, reset));
  requireBudget(charges, row);
  if (row.outcome === "context") throw contextPasswordProblem();
  if (row.outcome === "invalid") throw new Problem("invalid-link");
  mailer.sendLater(row.email);
  return { status: 204 };
});

handle(app, resetPasswordPage, async ({ env, query }) => ({
  status: 303,
  headers: { Location: linkUrl(env.APP_URL, "reset-password", query.token) },
}));

export default app;
