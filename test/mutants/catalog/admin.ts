import type { MutantsByFile } from "../mutant.js";
import { setArgument } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { alwaysReturn } from "../operators/value.js";

/** Changes by admins. */
export const admin: MutantsByFile = {
  "lib/admin/queries/changes.ts": [
    {
      name: "the last admin can be demoted and banned",
      edit: dropCondition({ in: "changeUser", cte: "changed_user", mentions: "hasOtherAdmin", to: true }),
      tests: ["api/admin/last-admin"],
    },
    {
      name: "lifting a ban revives the sessions from before it",
      edit: dropAssignment({ in: "changeUser", cte: "changed_user", column: "session_epoch" }),
      tests: ["api/admin/change"],
    },
    {
      name: "a change by an admin leaves no event",
      edit: dropCteEffect({ in: "changeUser", cte: "new_event" }),
      tests: ["api/admin/events"],
    },
    {
      name: "a repeated change by an admin is recorded and announced again",
      edit: dropCondition({ in: "changes", mentions: "is_change" }),
      tests: ["api/admin/events", "api/admin/notices"],
    },
    {
      name: "nobody hears of a change by an admin",
      edit: setArgument({
        in: "changeUser",
        call: "insertNotices",
        argument: 0,
        to: "sql.join([notices, sql`limit 0`], sql` `)",
      }),
      tests: ["api/admin/notices"],
    },
    {
      name: "the admins hear of every change as if it made an admin",
      edit: dropCondition({ in: "notices", mentions: "promoted" }),
      tests: ["api/admin/notices"],
    },
    {
      name: "everyone hears of a new admin",
      edit: dropCondition({ in: "notices", mentions: "isActiveAdmin" }),
      tests: ["api/admin/notices"],
    },
  ],
  "lib/admin/queries/active-admin.ts": [
    {
      name: "a banned admin counts as a remaining one",
      edit: dropCondition({ in: "isActiveAdmin", mentions: "isBanned" }),
      tests: ["api/admin/last-admin"],
    },
  ],
  "lib/admin/queries/deletion.ts": [
    {
      name: "the last admin can be deleted",
      edit: dropCondition({ in: "deleteUserRow", cte: "deleted_user", mentions: "hasOtherAdmin", to: true }),
      tests: ["api/admin/last-admin"],
    },
    {
      name: "a deletion leaves no event",
      edit: dropCteEffect({ in: "deleteUserRow", cte: "new_event" }),
      tests: ["api/admin/events"],
    },
  ],
  "lib/admin/queries/events.ts": [
    {
      name: "events of one request may appear in any order",
      edit: replaceSqlCall({ in: "insertEvents", call: "uuid_v7", by: "gen_random_uuid()" }),
      tests: ["api/admin/events"],
    },
    {
      name: "events appear in the order of the requests, not of the changes",
      edit: replaceSqlCall({ in: "insertEvents", call: "clock_timestamp", by: "now()" }),
      tests: ["api/admin/event-races"],
    },
    {
      name: "the events about one user include those about others",
      edit: dropCondition({ in: "selectEvents", mentions: "target_id" }),
      tests: ["api/admin/events"],
    },
  ],
  "db/migrations/0010_admin_event_functions.sql": [
    {
      name: "an event can be deleted before its retention is over",
      edit: dropCondition({ sqlFunction: "keep_admin_events", mentions: "admin_event_retention" }),
      tests: ["api/admin/events"],
    },
    {
      name: "an old event can be changed",
      edit: dropCondition({ sqlFunction: "keep_admin_events", mentions: "tg_op" }),
      tests: ["api/admin/events"],
    },
  ],
  "lib/handle.ts": [
    {
      name: "the log line of an admin's request does not name its target",
      edit: setCondition({ in: "guard", mentions: "target", to: false }),
      tests: ["api/operations/request-line"],
    },
  ],
  "lib/crypto/keyed-hash.ts": [
    {
      name: "an id in capitals hides the target of an admin's request",
      edit: alwaysReturn({ from: "userPseudonym", value: 'pseudonym(keys, "user", userId)' }),
      tests: ["api/operations/request-line"],
    },
  ],
};
