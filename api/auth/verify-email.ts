import { createApp } from "../../lib/app.js";
import { confirmEmail } from "../../lib/auth/confirm-email.js";
import { verifyEmail, verifyEmailPage } from "../../lib/auth/contract/sign-up.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { newSession } from "../../lib/auth/new-session.js";
import { readRegistrationSecret } from "../../lib/auth/registration-secret.js";
import { signedIn } from "../../lib/auth/signed-in.js";
import { userPseudonym } from "../../lib/crypto/keyed-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { linkUrl } from "../../lib/mail/messages.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([verifyEmail, verifyEmailPage]);

handle(app, verifyEmail, async ({ db, env, log, requestId, request, body }) => {
  const { token, registration, password } = body;
  const ring = keyRing(env.AUTH_SECRET);
  const linkedId = readLinkToken(ring, "verify-email", token);
  if (!linkedId) throw new Problem("invalid-link");

  const session = newSession(ring, request.headers, env);
  const started = await confirmEmail(db, ring, {
    linkedId,
    // A secret that was not issued here is treated as absent: the person may still type a password.
    ownId: registration === undefined ? null : readRegistrationSecret(ring, registration),
    password,
    newSession: session,
    env,
    requestId,
    block: clientBlock(request.headers, env),
  });
  log.user = userPseudonym(ring[0], started.user.id);
  return signedIn({ env, ring, request, sessionId: session.sessionId }, started);
});

// Email scanners follow links, so a GET must not use one up: the page acts only on a click (ASVS 3.5.3).
handle(app, verifyEmailPage, async ({ env, query }) => ({
  status: 303,
  headers: { Location: linkUrl(env.APP_URL, "verify-email", query.token) },
}));

export default app;
