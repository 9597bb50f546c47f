import type { MutantsByFile } from "../mutant.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { makeJoinInner } from "../operators/sql/join.js";
import { dropRowLock } from "../operators/sql/row-lock.js";

/** Signing up, and the links in emails. */
export const accounts: MutantsByFile = {
  "lib/auth/queries/accounts.ts": [
    {
      name: "a sign-up takes over a confirmed account",
      edit: dropCondition({ in: "insertRegistration", cte: "pending_user", mentions: "email_verified_at" }),
      tests: ["api/auth/register"],
    },
    {
      name: "a sign-up with a known address makes fewer rows",
      edit: makeJoinInner({ in: "insertRegistration", cte: "new_link", table: "pending_user" }),
      tests: ["api/auth/register"],
    },
    {
      name: "a sign-up over budget creates an account",
      edit: dropCondition({ in: "insertRegistration", cte: "pending_user", mentions: "wait" }),
      tests: ["api/auth/ip-budgets"],
    },
    {
      name: "changing a name changes every user",
      edit: dropCondition({ in: "updateMyName", mentions: "id" }),
      tests: ["api/auth/me"],
    },
    {
      name: "a new name may become the password",
      edit: dropAssignment({ in: "updateMyName", column: "context_tags" }),
      tests: ["api/auth/me"],
    },
  ],
  "lib/auth/queries/links.ts": [
    {
      name: "a forgotten password of an unknown address makes fewer rows",
      edit: makeJoinInner({ in: "insertLink", cte: "new_link", table: "known_user" }),
      tests: ["api/auth/forgot-password"],
    },
    {
      name: "a link never expires",
      edit: dropCondition({ in: "lockedLink", cte: "valid_link", mentions: "expires_at" }),
      tests: ["api/auth/verify-email", "api/auth/reset-password"],
    },
    {
      name: "a link works twice",
      edit: dropCondition({ in: "lockedLink", cte: "valid_link", mentions: "used_at" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "two links of one user deadlock when both are used concurrently",
      edit: dropRowLock({ in: "lockedLink", cte: "link_user" }),
      tests: ["api/auth/reset-races"],
    },
    {
      name: "a click confirms an address that two people signed up with",
      edit: dropCondition({ in: "consumeVerification", cte: "verified_user", mentions: "is_contested" }),
      tests: ["api/auth/registration-takeover"],
    },
    {
      name: "a reset accepts the user's own address or name as the password",
      edit: dropCondition({ in: "consumeReset", cte: "reset_user", mentions: "is_context" }),
      tests: ["api/auth/reset-password"],
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
  ],
};
