import { forgotPassword } from "../../lib/auth/contract.js";
import { requestLink } from "../../lib/auth/request-link.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([forgotPassword]);

handle(app, forgotPassword, async ({ mailer, body, ...context }) => {
  mailer.sendLater(await requestLink(context, "reset-password", body.email));
  const message = "If this address has an account, an email is on its way.";
  return { status: 202, body: { message } };
});

export default app;
