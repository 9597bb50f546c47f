import { uuidv7 } from "uuidv7";
import { contextTags, passwordTags } from "../../lib/auth/context-tags.js";
import { register } from "../../lib/auth/contract.js";
import { emailKey } from "../../lib/auth/email-key.js";
import { budgets } from "../../lib/auth/limits.js";
import { mailboxCharge } from "../../lib/auth/mailbox-budget.js";
import { contextPasswordProblem, refuseCommonPassword } from "../../lib/auth/password-policy.js";
import { hashPassword, verifyPassword } from "../../lib/auth/passwords.js";
import { insertRegistration } from "../../lib/auth/queries/registrations.js";
import { issueRegistrationSecret, repeatableRegistrationId } from "../../lib/auth/registration-secret.js";
import { chargeBudgets, createThrottle } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { replayMark } from "../../lib/http/idempotency.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([register]);

handle(app, register, async ({ db, env, mailer, request, headers, body: { email, name, password } }) => {
  const ring = keyRing(env.AUTH_SECRET);
  const tags = contextTags(ring, { email, name });
  refuseCommonPassword(password);
  if (passwordTags(ring, password).some((tag) => tags.includes(tag))) throw contextPasswordProblem();

  const block = clientBlock(request.headers, env);
  const throttle = createThrottle(ring[0], [{ budget: budgets.signUpByIp, subject: block }]);
  const key = headers["idempotency-key"];
  const registration = {
    id: key === undefined ? uuidv7() : repeatableRegistrationId(ring, emailKey(email), key),
    emailId: uuidv7(),
    email,
    name,
    // Hashed for a known address too, so that timing does not reveal the account.
    passwordHash: await hashPassword(password, block),
    contextTags: tags,
  };
  const emailBudgets = { charge: throttle.charge, mailbox: chargeBudgets(ring[0], [mailboxCharge(email)]) };
  const { earlier, ...row } = await db.exactlyOne(insertRegistration(emailBudgets, registration));
  throttle.requireRoom(row);
  if (earlier) {
    const isSameRequest =
      earlier.email === email &&
      earlier.name === name &&
      (await verifyPassword(password, earlier.passwordHash, block));
    if (!isSameRequest) throw new Problem("idempotency-key-reused");
  }
  mailer.sendLater(row.email);
  return {
    status: 202,
    body: {
      message: "Check your email: a message is on its way to this address.",
      registration: issueRegistrationSecret(ring, registration.id),
    },
    headers: replayMark({ isReplay: earlier !== null }),
  };
});

export default app;
