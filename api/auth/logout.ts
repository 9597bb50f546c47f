import { createApp } from "../../lib/app.js";
import { logout } from "../../lib/auth/contract.js";
import { keyRing } from "../../lib/auth/keys.js";
import { endSession } from "../../lib/auth/queries/sessions.js";
import { readRefreshToken } from "../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../lib/auth/session-cookie.js";
import { handle } from "../../lib/handle.js";

const app = createApp([logout]);

handle(app, logout, async (c) => {
  const { env } = c.var;
  const token = readRefreshToken(keyRing(env.AUTH_SECRET), sessionCookie.read(c.req.raw.headers, env));
  // First the session, then the cookie: a fault in between must not leave a session that nobody can end.
  if (token) await c.var.db.all(endSession(token.sessionId));
  return { status: 204, headers: { "Set-Cookie": sessionCookie.clear(env) } };
});

export default app;
