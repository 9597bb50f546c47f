import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { dropRowLock } from "../operators/sql/row-lock.js";

const write = { in: "replacePassword" } as const;
const moved = { ...write, cte: "moved_session" } as const;

/** A change of the password by someone who is signed in. */
export const passwordChange: MutantsByFile = {
  "lib/auth/change-password.ts": [
    {
      name: "any current password will do",
      edit: setCondition({ in: "changeOwnPassword", mentions: "passwordHash", to: false }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "guesses at the current password are free",
      edit: replaceCall({ in: "changeOwnPassword", call: "requireRoom", by: "undefined" }),
      tests: ["api/auth/change-password-budgets"],
    },
    {
      name: "the new password may be the current one",
      edit: setCondition({ in: "changeOwnPassword", mentions: "isSamePassword", to: false }),
      tests: ["api/auth/password-policy"],
    },
    {
      name: "a change accepts a breached password",
      edit: setCondition({ in: "changeOwnPassword", mentions: "isBreached", to: false }),
      tests: ["api/auth/breached-passwords"],
    },
    {
      name: "a repeated change needs no password",
      edit: setCondition({ in: "repeatedChange", mentions: "verifyPassword", to: true }),
      tests: ["api/auth/change-password-repeats"],
    },
    {
      name: "any session may guess the new password",
      edit: setCondition({ in: "repeatedChange", mentions: "isOwnChange", to: true }),
      tests: ["api/auth/change-password-repeats"],
    },
  ],
  "lib/auth/queries/changing-account.ts": [
    {
      name: "a change may be repeated for good",
      edit: dropCondition({ in: "accountJson", mentions: "created_at" }),
      tests: ["api/auth/change-password-repeats"],
    },
  ],
  "lib/auth/queries/password-change.ts": [
    {
      name: "the other sessions survive a change of the password",
      edit: dropAssignment({ ...write, cte: "changed_user", column: "session_epoch" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "a change of the password ends its own session",
      edit: dropAssignment({ ...moved, column: "epoch" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "the refresh token survives a change of the password",
      edit: dropAssignment({ ...moved, column: "generation" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "a copy of the refresh token gets the new one after a change of the password",
      edit: dropAssignment({ ...moved, column: "presented_generation" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "open links survive a change of the password",
      edit: dropCteEffect({ ...write, cte: "used_links" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "a change of the password sends no notice",
      edit: dropCteEffect({ ...write, cte: "new_email" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "a change of the password is not recorded",
      edit: dropCteEffect({ ...write, cte: "new_event" }),
      tests: ["api/auth/change-password"],
    },
    {
      name: "a change of the password gives no guess back",
      edit: dropCteEffect({ ...write, cte: "refund" }),
      tests: ["api/auth/change-password-budgets"],
    },
    {
      name: "a change of the password leaves the guesses at the account spent",
      edit: dropCteEffect({ ...write, cte: "cleared_budgets" }),
      tests: ["api/auth/change-password-budgets"],
    },
    {
      name: "a change accepts the user's own address or name as the password",
      edit: dropCondition({ ...write, cte: "changed_user", mentions: "is_context" }),
      tests: ["api/auth/password-policy"],
    },
    {
      name: "a password that was replaced after it was verified still allows a change",
      edit: dropCondition({ ...write, cte: "changed_user", mentions: "is_current" }),
      tests: ["api/auth/change-password-races"],
    },
    {
      name: "a change of the password does not wait for a concurrent reset",
      edit: dropRowLock({ in: "lockUser" }),
      tests: ["api/auth/change-password-races"],
    },
    {
      name: "a session that was signed out in between can change the password",
      edit: dropCondition({ ...write, cte: "live_session", mentions: "ended_at" }),
      tests: ["api/auth/change-password-races"],
    },
  ],
};
