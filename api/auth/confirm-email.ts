import { uuidv7 } from "uuidv7";
import { confirmNewEmail } from "../../lib/auth/contract/email-change.js";
import { budgets } from "../../lib/auth/limits.js";
import { readLinkToken } from "../../lib/auth/link-token.js";
import { confirmEmailChange } from "../../lib/auth/queries/email-confirmation.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { createThrottle } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([confirmNewEmail]);

handle(app, confirmNewEmail, async ({ db, env, mailer, request, body: { token } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const linkId = readLinkToken(ring, "change-email", token);
  if (!linkId) throw new Problem("invalid-link");
  const throttle = createThrottle(ring[0], [
    { budget: budgets.confirmByIp, subject: clientBlock(request.headers, env) },
  ]);
  const row = await db.exactlyOne(
    confirmEmailChange(throttle.charge, {
      linkId,
      changeId: uuidv7(),
      oldNoticeId: uuidv7(),
      event: newEvent(ring, request.headers, env),
      appUrl: env.APP_URL,
    }),
  );
  throttle.requireRoom(row);
  if (row.outcome === "invalid") throw new Problem("invalid-link");
  mailer.sendLater(...row.emails);
  return { status: 200, body: { message: "The account now has this email address." } };
});

export default app;
