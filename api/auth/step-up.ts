import { createApp } from "../../lib/app.js";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { bearerProblem } from "../../lib/auth/challenge.js";
import { stepUp } from "../../lib/auth/contract/step-up.js";
import { guessBudgets } from "../../lib/auth/guess-budgets.js";
import { verifyPassword } from "../../lib/auth/passwords.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { renewProof, selectForStepUp } from "../../lib/auth/queries/step-up.js";
import { createThrottle } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([stepUp]);

handle(app, stepUp, async ({ db, env, access, request, body: { password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const [keys] = ring;
  const { userId, sessionId } = access;
  const { charges, refunds } = guessBudgets(keys, access);
  const throttle = createThrottle(keys, charges);
  const row = await db.exactlyOne(selectForStepUp(throttle.charge, userId), access);
  throttle.requireRoom(row);
  const { account } = row;
  // Deleted after the guard has read the session.
  if (!account) throw bearerProblem("session-ended", "invalid_token");

  const isCorrect = await verifyPassword(password, account.passwordHash, clientBlock(request.headers, env));
  if (!isCorrect) throw new Problem("wrong-password");
  const proof = {
    userId,
    sessionId,
    verifiedEpoch: account.sessionEpoch,
    event: newEvent(ring, request.headers, env),
    refunds,
  };
  const renewed = await db.maybeOne(renewProof(proof), access);
  if (!renewed) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: await issueAccessToken(env, { userId, sessionId, ...renewed }) };
});

export default app;
