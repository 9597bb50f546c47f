import type { MutantsByFile } from "../mutant.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { makeJoinInner } from "../operators/sql/join.js";
import { dropRowLock } from "../operators/sql/row-lock.js";

/** Accounts, and the links that reset passwords. */
export const accounts: MutantsByFile = {
  "lib/auth/queries/accounts.ts": [
    {
      name: "changing a name changes every user",
      edit: dropCondition({ in: "updateMe", mentions: "id" }),
      tests: ["api/auth/me"],
    },
    {
      name: "a new name may become the password",
      edit: dropAssignment({ in: "updateMe", column: "context_tags" }),
      tests: ["api/auth/me"],
    },
    {
      name: "changing a name clears the time zone",
      edit: dropCondition({ in: "updateMe", mentions: "timeZone", to: true }),
      tests: ["api/auth/me"],
    },
  ],
  "lib/auth/queries/links.ts": [
    {
      name: "a forgotten password of an unknown address makes fewer rows",
      edit: makeJoinInner({ in: "insertResetLink", cte: "new_link", table: "known_user" }),
      tests: ["api/auth/forgot-password"],
    },
    {
      name: "a reset link never expires",
      edit: dropCondition({ in: "consumeReset", cte: "candidate", mentions: "expires_at" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a reset link works twice",
      edit: dropCondition({ in: "consumeReset", cte: "reset_user", mentions: "is_used" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "concurrent resets of one user do not wait for each other",
      edit: dropRowLock({ in: "lockUserOf" }),
      tests: ["api/auth/reset-races"],
    },
    {
      name: "a reset accepts the user's own address or name as the password",
      edit: dropCondition({ in: "consumeReset", cte: "reset_user", mentions: "is_context" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a reset accepts a breached password",
      edit: dropCondition({ in: "consumeReset", cte: "reset_user", mentions: "boolean" }),
      tests: ["api/auth/breached-passwords"],
    },
    {
      name: "sessions survive a password reset",
      edit: dropAssignment({ in: "consumeReset", cte: "reset_user", column: "session_epoch" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "the other links of an account survive a password reset",
      edit: dropCteEffect({ in: "consumeReset", cte: "used_links" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a reset leaves the guesses at the account spent",
      edit: dropCteEffect({ in: "consumeReset", cte: "cleared_budgets" }),
      tests: ["api/auth/known-device"],
    },
  ],
};
