import { requestEmailChange } from "../../lib/auth/change-email.js";
import { changeEmail } from "../../lib/auth/contract/email-change.js";
import { handle } from "../../lib/handle.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([changeEmail]);

handle(app, changeEmail, async ({ mailer, body, ...context }) => {
  mailer.sendLater(...(await requestEmailChange(context, body.email)));
  const message = "If this address can be used, an email with a link is on its way to it.";
  return { status: 202, body: { message } };
});

export default app;
