import { startPasswordReset } from "../../../../lib/admin/contract/accounts.js";
import { sendResetLink } from "../../../../lib/admin/send-reset-link.js";
import { handle } from "../../../../lib/handle.js";
import { createAppWithMailer } from "../../../../lib/mail/mailer.js";

const app = createAppWithMailer([startPasswordReset]);

handle(app, startPasswordReset, async ({ mailer, params, ...context }) => {
  mailer.sendLater(await sendResetLink(context, params.id));
  return { status: 202 };
});

export default app;
