import { createApp } from "../../lib/app.js";
import { logout } from "../../lib/auth/contract/sessions.js";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { endSession } from "../../lib/auth/queries/sessions.js";
import { readRefreshToken } from "../../lib/auth/refresh-token.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";

const app = createApp([logout]);

handle(app, logout, async ({ db, env, request }) => {
  const token = readRefreshToken(keyRing(env.AUTH_SECRET), sessionCookie.read(request.headers, env));
  // Ends the session before it clears the cookie: a fault must not leave a session that its user can no longer end.
  if (token) await db.many(endSession(token.sessionId));
  return { status: 204, headers: { "Set-Cookie": sessionCookie.clear(env) } };
});

export default app;
