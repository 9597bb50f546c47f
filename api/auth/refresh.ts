import { issueAccessToken } from "../../lib/auth/access-token.js";
import { refresh } from "../../lib/auth/contract/sessions.js";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { rotateSession } from "../../lib/auth/queries/rotation.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { issueRefreshToken, readRefreshToken } from "../../lib/auth/refresh-token.js";
import { userPseudonym } from "../../lib/crypto/keyed-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([refresh]);

handle(app, refresh, async ({ db, env, log, mailer, request }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const token = readRefreshToken(ring, sessionCookie.read(request.headers, env));
  // A forged token proves nothing about a session, so it must not clear the cookie.
  if (!token) throw new Problem("session-ended");

  const row = await db.exactlyOne(rotateSession(token, newEvent(ring, request.headers, env), env.APP_URL));
  if (row.email || row.emailsAreDue) mailer.sendLater(row.email);
  // A slow response must not clear the cookie of a newer sign-in, so an ended session keeps its cookie.
  if (row.outcome === "ended") throw new Problem("session-ended");
  if (row.outcome === "reuse") {
    throw new Problem("session-ended", { headers: { "Set-Cookie": sessionCookie.clear(env) } });
  }

  const { userId, role, authTime, generation, idleSeconds } = row;
  const { sessionId } = token;
  log.user = userPseudonym(ring[0], userId);
  const refreshToken = issueRefreshToken(ring, { sessionId, generation });
  return {
    status: 200,
    body: await issueAccessToken(env, { userId, sessionId, role, authTime }),
    headers: { "Set-Cookie": sessionCookie.write(env, refreshToken, idleSeconds) },
  };
});

export default app;
