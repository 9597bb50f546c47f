import type { MutantsByFile } from "../mutant.js";
import { replaceCall, setArgument } from "../operators/call.js";
import { setBranch } from "../operators/sql/branch.js";
import { dropCondition } from "../operators/sql/condition.js";
import { makeJoinInner } from "../operators/sql/join.js";

const decision = { in: "confirmRegistration", cte: "decision" } as const;

/** Signing up, confirming an address, and the emails that strangers can cause. */
export const registrations: MutantsByFile = {
  "lib/auth/repeated-sign-up.ts": [
    {
      name: "a repeated sign-up succeeds with another password",
      edit: replaceCall({ in: "isSameSignUp", call: "verifyPassword", by: "true" }),
      tests: ["api/auth/register-retries"],
    },
  ],
  "lib/auth/queries/registrations.ts": [
    {
      name: "a sign-up with a breached password writes a row",
      edit: dropCondition({ in: "insertRegistration", cte: "registration", mentions: "exists" }),
      tests: ["api/auth/breached-passwords"],
    },
    {
      name: "a repeated sign-up sends a second email",
      edit: dropCondition({ in: "insertRegistration", mentions: "registration.is_new" }),
      tests: ["api/auth/register-retries"],
    },
    {
      name: "a sign-up over budget writes a row",
      edit: dropCondition({ in: "insertRegistration", cte: "registration", mentions: "wait" }),
      tests: ["api/auth/ip-budgets"],
    },
    {
      name: "a request to resend makes fewer rows for an address without a sign-up",
      edit: makeJoinInner({ in: "insertConfirmationEmail", table: "newest_registration" }),
      tests: ["api/auth/enumeration"],
    },
  ],
  "lib/auth/queries/confirmations.ts": [
    {
      name: "a confirmation accepts a breached password",
      edit: setBranch({ ...decision, result: "breached", when: "false" }),
      tests: ["api/auth/breached-passwords"],
    },
    {
      name: "a link alone confirms with the password of a stranger",
      edit: setBranch({ ...decision, result: "confirmed", when: "true" }),
      tests: ["api/auth/registration-takeover"],
    },
    {
      name: "the secret of a sign-up with another address confirms",
      edit: dropCondition({ in: "confirmRegistration", cte: "own", mentions: "email_key" }),
      tests: ["api/auth/registration-takeover"],
    },
    {
      name: "the link of an expired sign-up confirms",
      edit: dropCondition({ in: "confirmRegistration", cte: "linked", mentions: "expires_at" }),
      tests: ["api/auth/verify-email"],
    },
    {
      name: "the password of an expired sign-up takes effect",
      edit: dropCondition({ in: "confirmRegistration", cte: "own", mentions: "expires_at" }),
      tests: ["api/auth/verify-email"],
    },
    {
      name: "a repeated confirmation signs in although the password has changed",
      edit: setBranch({ ...decision, result: "repeated", when: "own.user_id = account.id" }),
      tests: ["api/auth/verify-email-repeats"],
    },
    {
      name: "a confirmation accepts the person's address or name as the password",
      edit: setBranch({ ...decision, result: "context", when: "false" }),
      tests: ["api/auth/password-policy"],
    },
  ],
  "lib/auth/request-email.ts": [
    {
      name: "a spent mailbox budget refuses the request",
      edit: setArgument({
        in: "requestEmail",
        call: "createThrottle",
        argument: 1,
        to: "[{ budget: budgets.emailByIp, subject: guesser.block }, mailboxCharge(email)]",
      }),
      tests: ["api/auth/mailbox-budget"],
    },
  ],
  "lib/auth/mailbox-budget.ts": [
    {
      name: "each +tag of an address has its own mailbox budget",
      edit: replaceCall({ in: "mailboxKey", call: "replace", by: "key.slice(0, at)" }),
      tests: ["api/auth/mailbox-budget"],
    },
  ],
};
