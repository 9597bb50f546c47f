import { forgotPassword } from "../../lib/auth/contract/password-reset.js";
import { requestEmail } from "../../lib/auth/request-email.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([forgotPassword]);

handle(app, forgotPassword, async ({ mailer, body, ...context }) => {
  mailer.sendLater(await requestEmail(context, "reset-password", body.email));
  const message = "If this address has an account, an email is on its way.";
  return { status: 202, body: { message } };
});

export default app;
