import type { MutantsByFile } from "../mutant.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";

/** Changes by admins. */
export const admin: MutantsByFile = {
  "lib/admin/queries.ts": [
    {
      name: "the last admin can be demoted and banned",
      edit: dropCondition({ in: "updateUser", cte: "changed_user", mentions: "hasOtherAdmin", to: true }),
      tests: ["api/admin/last-admin"],
    },
    {
      name: "the last admin can be deleted",
      edit: dropCondition({ in: "deleteUserRow", cte: "deleted_user", mentions: "hasOtherAdmin", to: true }),
      tests: ["api/admin/last-admin"],
    },
    {
      name: "a banned admin counts as a remaining one",
      edit: dropCondition({ in: "isActiveAdmin", mentions: "banned_at" }),
      tests: ["api/admin/last-admin"],
    },
    {
      name: "lifting a ban revives the sessions from before it",
      edit: dropAssignment({ in: "updateUser", cte: "changed_user", column: "session_epoch" }),
      tests: ["api/admin/change"],
    },
  ],
};
