import { uuidv7 } from "uuidv7";
import { register } from "../../lib/auth/contract/sign-up.js";
import { emailKey } from "../../lib/auth/email-key.js";
import { budgets } from "../../lib/auth/limits.js";
import { mailboxCharge } from "../../lib/auth/mailbox-budget.js";
import { prepareNewPassword } from "../../lib/auth/new-password.js";
import { breachedPasswordProblem, refuseCommonPassword, signUpTags } from "../../lib/auth/password-policy.js";
import { insertRegistration } from "../../lib/auth/queries/registrations.js";
import { issueRegistrationSecret, repeatableRegistrationId } from "../../lib/auth/registration-secret.js";
import { isSameSignUp } from "../../lib/auth/repeated-sign-up.js";
import { chargeBudgets, createThrottle } from "../../lib/auth/throttle.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { clientBlock } from "../../lib/http/client-address.js";
import { replayMark } from "../../lib/http/idempotency.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { Problem } from "../../lib/problem.js";

const app = createAppWithMailer([register]);

handle(app, register, async ({ db, env, mailer, requestId, request, headers, body }) => {
  const { email, name, password } = body;
  const ring = keyRing(env.AUTH_SECRET);
  refuseCommonPassword(password);
  const contextTags = signUpTags(ring, body);

  const block = clientBlock(request.headers, env);
  const { charge, requireRoom } = createThrottle(ring[0], [{ budget: budgets.signUpByIp, subject: block }]);
  const key = headers["idempotency-key"];
  const registration = {
    id: key === undefined ? uuidv7() : repeatableRegistrationId(ring, emailKey(email), key),
    emailId: uuidv7(),
    appUrl: env.APP_URL,
    email,
    name,
    // For a known address too, so that timing does not reveal the account.
    ...(await prepareNewPassword(password, { env, requestId, block })),
    contextTags,
  };
  // A breached password causes no email.
  const mailbox = chargeBudgets(ring[0], registration.isBreached ? [] : [mailboxCharge(email)]);
  const { earlier, ...row } = await db.exactlyOne(insertRegistration({ charge, mailbox }, registration));
  requireRoom(row);
  if (registration.isBreached && !earlier) throw breachedPasswordProblem();
  if (earlier && !(await isSameSignUp(earlier, body, block))) throw new Problem("idempotency-key-reused");
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
