import type { MutantsByFile } from "../mutant.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";

const end = ["api/auth/ban-end"];
const terms = ["api/admin/ban-terms"];
const isBanned = { sqlFunction: "is_banned" } as const;

/** Bans with a reason and an end. */
export const bans: MutantsByFile = {
  "db/migrations/0019_ban_functions.sql": [
    {
      name: "a ban lasts beyond its end",
      edit: dropCondition({ ...isBanned, mentions: "now", to: true }),
      tests: end,
    },
    {
      name: "a ban with an end does not stand",
      edit: dropCondition({ ...isBanned, mentions: "now", to: false }),
      tests: end,
    },
  ],
  "lib/auth/queries/rotation.ts": [
    {
      name: "a banned user refreshes a session of the current epoch",
      edit: dropCondition({ in: "rotateSession", mentions: "isBanned" }),
      tests: end,
    },
  ],
  "lib/auth/queries/ended-bans.ts": [
    {
      name: "the cron lifts bans that stand",
      edit: dropCondition({ in: "liftEndedBans", mentions: "now" }),
      tests: end,
    },
    {
      name: "the cron tells the person again and again that the ban has ended",
      edit: dropAssignment({ in: "liftEndedBans", cte: "lifted_user", column: "banned_at" }),
      tests: end,
    },
    {
      name: "the owner of a closed account hears of the end of a ban",
      edit: dropCondition({ in: "liftEndedBans", mentions: "closed_at" }),
      tests: end,
    },
  ],
  "lib/admin/queries/changes.ts": [
    {
      name: "new terms of a ban leave no event and no email",
      edit: dropCondition({ in: "changes", mentions: "ban_reason", to: false }),
      tests: terms,
    },
  ],
};
