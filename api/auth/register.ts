import { uuidv7 } from "uuidv7";
import { contextTags, passwordTags } from "../../lib/auth/context-tags.js";
import { register } from "../../lib/auth/contract.js";
import { emailKey } from "../../lib/auth/email-key.js";
import { budgets } from "../../lib/auth/limits.js";
import { contextPasswordProblem, refuseCommonPassword } from "../../lib/auth/password-policy.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { insertRegistration } from "../../lib/auth/queries/accounts.js";
import { requireBudget } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";

const app = createAppWithMailer([register]);

handle(app, register, async ({ db, env, mailer, request, body: { email, name, password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const tags = contextTags(ring, { email, name });
  refuseCommonPassword(password);
  if (passwordTags(ring, password).some((tag) => tags.includes(tag))) throw contextPasswordProblem();

  const charges = [
    { budget: budgets.signUpByIp, subject: clientBlock(request.headers) },
    { budget: budgets.emailByRecipient, subject: `register ${emailKey(email)}` },
  ];
  const registration = {
    userId: uuidv7(),
    linkId: uuidv7(),
    emailId: uuidv7(),
    email,
    name,
    // Hashed for a known address too, so that timing does not reveal the account.
    passwordHash: await hashPassword(password),
    contextTags: tags,
  };
  const row = await db.exactlyOne(insertRegistration(ring[0], charges, registration));
  requireBudget(charges, row);
  mailer.sendLater(row.email);
  return { status: 202, body: { message: "Check your email: a message is on its way to this address." } };
});

export default app;
