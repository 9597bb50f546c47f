import { createApp } from "../../lib/app.js";
import { verifyEmail, verifyEmailPage } from "../../lib/auth/contract.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { consumeVerification } from "../../lib/auth/queries/links.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { linkUrl } from "../../lib/mail/messages.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([verifyEmail, verifyEmailPage]);

handle(app, verifyEmail, async ({ db, env, body }) => {
  const linkId = readLinkToken(keyRing(env.AUTH_SECRET), "verify-email", body.token);
  const row = linkId ? await db.exactlyOne(consumeVerification(linkId)) : undefined;
  if (!row?.isVerified) throw new Problem("invalid-link");
  return { status: 200, body: { message: "Your email address is confirmed. You can sign in now." } };
});

// Email scanners follow links, so a GET must not use one up: the page acts only on a click (ASVS 3.5.3).
handle(app, verifyEmailPage, async ({ env, query }) => ({
  status: 303,
  headers: { Location: linkUrl(env.APP_URL, "verify-email", query.token) },
}));

export default app;
