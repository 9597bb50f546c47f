import { resendVerification } from "../../lib/auth/contract/sign-up.js";
import { requestEmail } from "../../lib/auth/request-email.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([resendVerification]);

handle(app, resendVerification, async ({ mailer, body, ...context }) => {
  mailer.sendLater(await requestEmail(context, "verify-email", body.email));
  const message = "If this address still needs confirming, an email is on its way.";
  return { status: 202, body: { message } };
});

export default app;
