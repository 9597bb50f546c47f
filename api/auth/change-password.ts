import { issueAccessToken } from "../../lib/auth/access-token.js";
import { changeOwnPassword } from "../../lib/auth/change-password.js";
import { changePassword } from "../../lib/auth/contract/change-password.js";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { issueRefreshToken } from "../../lib/auth/refresh-token.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { requireOwnOrigin } from "../../lib/http/origins.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([changePassword]);

handle(app, changePassword, async ({ db, env, access, mailer, requestId, request, body }) => {
  // The response sets the session cookie: another site must not replace the one that this browser has.
  requireOwnOrigin(request.headers, env);
  const ring = keyRing(env.AUTH_SECRET);
  const block = clientBlock(request.headers, env);
  const change = { ...body, env, requestId, request, block };
  const { session, email } = await changeOwnPassword(db, ring, access, change);
  if (email) mailer.sendLater(email);

  const { userId, sessionId } = access;
  const { generation, role, authTime, idleSeconds } = session;
  const refreshToken = issueRefreshToken(ring, { sessionId, generation });
  return {
    status: 200,
    body: await issueAccessToken(env, { userId, sessionId, role, authTime }),
    headers: { "Set-Cookie": sessionCookie.write(env, refreshToken, idleSeconds) },
  };
});

export default app;
