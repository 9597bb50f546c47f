import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { login } from "../../lib/auth/contract.js";
import { keyRing, pseudonym } from "../../lib/auth/keys.js";
import { session } from "../../lib/auth/limits.js";
import { loginBudgets } from "../../lib/auth/login-budgets.js";
import { hashPassword, needsRehash, verifyPassword } from "../../lib/auth/passwords.js";
import { insertSession, selectForLogin } from "../../lib/auth/queries/sessions.js";
import { issueRefreshToken, readRefreshToken } from "../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../lib/auth/session-cookie.js";
import { requireBudget } from "../../lib/auth/throttle.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([login]);

handle(app, login, async (c) => {
  const { email, password } = c.req.valid("json");
  const { env, db } = c.var;
  const ring = keyRing(env.AUTH_SECRET);
  const { charges, ...given } = loginBudgets(ring[0], email, clientBlock(c.req.raw.headers));
  const found = await db.only(selectForLogin(ring[0], charges, email));
  requireBudget(charges, found);
  if (found.id) c.var.log.user = pseudonym(ring[0], "user", found.id);

  const isRight = await verifyPassword(password, found.passwordHash);
  if (!isRight || !found.id || !found.passwordHash || found.sessionEpoch === null)
    throw new Problem("invalid-credentials");
  // Said only to who knows the password.
  if (found.isBanned) throw new Problem("account-banned");
  if (!found.isVerified) throw new Problem("email-not-verified");

  const sessionId = uuidv7();
  const started = await db.one(
    insertSession({
      sessionId,
      eventId: uuidv7(),
      userId: found.id,
      verifiedEpoch: found.sessionEpoch,
      newHash: needsRehash(found.passwordHash) ? await hashPassword(password) : null,
      ...given,
      replacedSessionId:
        readRefreshToken(ring, sessionCookie.read(c.req.raw.headers, env))?.sessionId ?? null,
    }),
  );
  if (!started) throw new Problem("invalid-credentials");

  const { authTime, ...user } = started;
  const token = issueAccessToken(env, { userId: user.id, sessionId, role: user.role, authTime });
  const refreshToken = issueRefreshToken(ring, { sessionId, generation: 0 });
  return {
    status: 200,
    body: { ...token, user },
    headers: { "Set-Cookie": sessionCookie.write(env, refreshToken, session.idleSeconds) },
  };
});

export default app;
