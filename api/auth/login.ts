import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { login } from "../../lib/auth/contract.js";
import { session } from "../../lib/auth/limits.js";
import { hashPassword, needsRehash, verifyPassword } from "../../lib/auth/passwords.js";
import { insertSession, selectForSignIn } from "../../lib/auth/queries/sessions.js";
import { issueRefreshToken, readRefreshToken } from "../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../lib/auth/session-cookie.js";
import { signInBudgets } from "../../lib/auth/sign-in-budgets.js";
import { requireBudget } from "../../lib/auth/throttle.js";
import { pseudonym } from "../../lib/crypto/keyed-hash.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([login]);

handle(app, login, async ({ db, env, log, request, body: { email, password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const { charges, ...refunds } = signInBudgets(ring[0], email, clientBlock(request.headers));
  const account = await db.exactlyOne(selectForSignIn(ring[0], charges, email));
  requireBudget(charges, account);
  if (account.id) log.user = pseudonym(ring[0], "user", account.id);

  const isCorrect = await verifyPassword(password, account.passwordHash);
  if (!isCorrect || !account.id || !account.passwordHash || account.sessionEpoch === null)
    throw new Problem("invalid-credentials");
  // Reveal account state only after a correct password.
  if (account.isBanned) throw new Problem("account-banned");
  if (!account.isVerified) throw new Problem("email-not-verified");

  const sessionId = uuidv7();
  const replaced = readRefreshToken(ring, sessionCookie.read(request.headers, env));
  const started = await db.maybeOne(
    insertSession({
      sessionId,
      eventId: uuidv7(),
      userId: account.id,
      verifiedEpoch: account.sessionEpoch,
      newHash: needsRehash(account.passwordHash) ? await hashPassword(password) : null,
      replacedSessionId: replaced?.sessionId ?? null,
      ...refunds,
    }),
  );
  if (!started) throw new Problem("invalid-credentials");

  const { user, authTime } = started;
  const token = await issueAccessToken(env, { userId: user.id, sessionId, role: user.role, authTime });
  const refreshToken = issueRefreshToken(ring, { sessionId, generation: 0 });
  return {
    status: 200,
    body: { ...token, user },
    headers: { "Set-Cookie": sessionCookie.write(env, refreshToken, session.idleSeconds) },
  };
});

export default app;
