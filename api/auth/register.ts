import { uuidv7 } from "uuidv7";
import { createApp } from "../../lib/app.js";
import { contextTags, passwordTags } from "../../lib/auth/context-tags.js";
import { register } from "../../lib/auth/contract.js";
import { keyRing } from "../../lib/auth/keys.js";
import { budgets } from "../../lib/auth/limits.js";
import { contextRefusal, refuseCommonPassword } from "../../lib/auth/password-policy.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { emailKey, insertRegistration } from "../../lib/auth/queries/accounts.js";
import { requireBudget } from "../../lib/auth/throttle.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { sendAfterAnswer } from "../../lib/mail/after-answer.js";

const app = createApp([register]);

handle(app, register, async (c) => {
  const { email, name, password } = c.req.valid("json");
  const ring = keyRing(c.var.env.AUTH_SECRET);
  const tags = contextTags(ring, { email, name });
  refuseCommonPassword(password);
  if (passwordTags(ring, password).some((tag) => tags.includes(tag))) throw contextRefusal();

  const charges = [
    { budget: budgets.registerByAddress, subject: clientBlock(c.req.raw.headers) },
    { budget: budgets.mailByRecipient, subject: `register ${emailKey(email)}` },
  ];
  // Hashed for a known address too: time must not tell whether there is an account.
  const registration = {
    userId: uuidv7(),
    linkId: uuidv7(),
    mailId: uuidv7(),
    email,
    name,
    passwordHash: await hashPassword(password),
    contextTags: tags,
  };
  const row = await c.var.db.only(insertRegistration(ring[0], charges, registration));
  requireBudget(charges, row);
  sendAfterAnswer(row.mail ? [row.mail] : [], c.var.requestId);
  return { status: 202, body: { message: "Check your mailbox: a mail is on its way to this address." } };
});

export default app;
