import { createApp } from "../../lib/app.js";
import { verifyEmail, verifyEmailPage } from "../../lib/auth/contract.js";
import { keyRing } from "../../lib/auth/keys.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { consumeVerification } from "../../lib/auth/queries/links.js";
import { handle } from "../../lib/handle.js";
import { linkUrl } from "../../lib/mail/messages.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([verifyEmail, verifyEmailPage]);

handle(app, verifyEmail, async (c) => {
  const linkId = readLinkToken(keyRing(c.var.env.AUTH_SECRET), "verify-email", c.req.valid("json").token);
  const row = linkId ? await c.var.db.only(consumeVerification(linkId)) : undefined;
  if (!row?.isVerified) throw new Problem("invalid-link");
  return { status: 200, body: { message: "The address is confirmed. You can log in now." } };
});

// Mail scanners follow links: a GET consumes nothing, and the page acts only on a click (ASVS 3.5.3).
handle(app, verifyEmailPage, async (c) => ({
  status: 303,
  headers: { Location: linkUrl(c.var.env.APP_URL, "verify-email", c.req.valid("query").token) },
}));

export default app;
