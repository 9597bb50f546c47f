import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { refresh } from "../../lib/auth/contract.js";
import { keyRing, pseudonym } from "../../lib/auth/keys.js";
import { rotateSession } from "../../lib/auth/queries/sessions.js";
import { issueRefreshToken, readRefreshToken } from "../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../lib/auth/session-cookie.js";
import { handle } from "../../lib/handle.js";
import { sendAfterAnswer } from "../../lib/mail/after-answer.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([refresh]);

handle(app, refresh, async (c) => {
  const { env, db, log, requestId } = c.var;
  const ring = keyRing(env.AUTH_SECRET);
  const token = readRefreshToken(ring, sessionCookie.read(c.req.raw.headers, env));
  // Proves nothing about a session, so it must not take the cookie away.
  if (!token) throw new Problem("session-ended");

  const row = await db.only(rotateSession(token, uuidv7()));
  if (row.mail || row.mailsAreDue) sendAfterAnswer(row.mail ? [row.mail] : [], requestId);
  if (row.outcome === "reuse" || row.outcome === "ended") {
    throw new Problem("session-ended", { headers: { "Set-Cookie": sessionCookie.clear(env) } });
  }

  log.user = pseudonym(ring[0], "user", row.userId);
  const { sessionId } = token;
  const access = issueAccessToken(env, {
    userId: row.userId,
    sessionId,
    role: row.role,
    authTime: row.authTime,
  });
  const refreshToken = issueRefreshToken(ring, { sessionId, generation: row.generation });
  return {
    status: 200,
    body: access,
    headers: { "Set-Cookie": sessionCookie.write(env, refreshToken, row.idleSeconds) },
  };
});

export default app;
