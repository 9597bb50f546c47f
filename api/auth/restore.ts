import { restoreAccount } from "../../lib/auth/contract/closing.js";
import { budgets } from "../../lib/auth/limits.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { restoreAccountRow } from "../../lib/auth/queries/closing.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { createThrottle } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([restoreAccount]);

handle(app, restoreAccount, async ({ db, env, mailer, requestId, request, body: { token } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const linkId = readLinkToken(ring, "restore-account", token);
  if (!linkId) throw new Problem("invalid-link");
  const subject = clientBlock(request.headers, env);
  const { charge, requireRoom } = createThrottle(ring[0], [{ budget: budgets.restoreByIp, subject }]);
  const change = { linkId, event: newEvent(ring, request.headers, env), appUrl: env.APP_URL, requestId };
  const row = await db.exactlyOne(restoreAccountRow(charge, change));
  requireRoom(row);
  if (!row.isOpen) throw new Problem("invalid-link");
  mailer.sendLater(row.email);
  return { status: 200, body: { message: "Your account is open again. Sign in with your password." } };
});

export default app;
