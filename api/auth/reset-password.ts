import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { passwordTags } from "../../lib/auth/context-tags.js";
import { resetPassword, resetPasswordPage } from "../../lib/auth/contract.js";
import { keyRing } from "../../lib/auth/keys.js";
import { budgets } from "../../lib/auth/limits.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { contextRefusal, refuseCommonPassword } from "../../lib/auth/password-policy.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { consumeReset } from "../../lib/auth/queries/links.js";
import { requireBudget } from "../../lib/auth/throttle.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { sendAfterAnswer } from "../../lib/mail/after-answer.js";
import { linkUrl } from "../../lib/mail/messages.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([resetPassword, resetPasswordPage]);

handle(app, resetPassword, async (c) => {
  const { token, password } = c.req.valid("json");
  const ring = keyRing(c.var.env.AUTH_SECRET);
  const linkId = readLinkToken(ring, "reset-password", token);
  if (!linkId) throw new Problem("invalid-link");
  refuseCommonPassword(password);

  const charges = [{ budget: budgets.resetByAddress, subject: clientBlock(c.req.raw.headers) }];
  const reset = {
    linkId,
    passwordHash: await hashPassword(password),
    passwordTags: passwordTags(ring, password),
    mailId: uuidv7(),
    eventId: uuidv7(),
  };
  const row = await c.var.db.only(consumeReset(ring[0], charges, reset));
  requireBudget(charges, row);
  if (row.outcome === "context") throw contextRefusal();
  if (row.outcome !== "reset") throw new Problem("invalid-link");
  sendAfterAnswer(row.mail ? [row.mail] : [], c.var.requestId);
  return { status: 204 };
});

handle(app, resetPasswordPage, async (c) => ({
  status: 303,
  headers: { Location: linkUrl(c.var.env.APP_URL, "reset-password", c.req.valid("query").token) },
}));

export default app;
