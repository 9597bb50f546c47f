import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { dropRowLock } from "../operators/sql/row-lock.js";

const request = { in: "insertEmailChange" } as const;
const confirmation = { in: "confirmEmailChange" } as const;
const recovery = { in: "secureAccount" } as const;
const change = ["api/auth/change-email"];
const changeRaces = ["api/auth/change-email-races"];
const notMe = ["api/auth/not-me"];
const reserved = ["api/auth/reserved-address"];
const devices = ["api/auth/known-device"];

/** Changes of the email address, and "This wasn't me". */
export const emailChange: MutantsByFile = {
  "lib/auth/queries/email-change.ts": [
    {
      name: "a frozen address can change",
      edit: dropCondition({ ...request, cte: "changing_user", mentions: "is_frozen" }),
      tests: notMe,
    },
    {
      name: "an earlier link to a new address keeps working",
      edit: dropCteEffect({ ...request, cte: "replaced_link" }),
      tests: change,
    },
    {
      name: "the current address gets no notice of a requested change",
      edit: dropCteEffect({ ...request, cte: "new_notice" }),
      tests: change,
    },
    {
      name: "a requested change of the address is not recorded",
      edit: dropCteEffect({ ...request, cte: "new_event" }),
      tests: change,
    },
    {
      name: "a request for a new address does not wait for “This wasn't me”",
      edit: dropRowLock(request),
      tests: changeRaces,
    },
  ],
  "lib/auth/queries/email-confirmation.ts": [
    {
      name: "a used link changes the address again",
      edit: dropCondition({ ...confirmation, cte: "winner", mentions: "is_used" }),
      tests: change,
    },
    {
      name: "another account's previous address can be taken",
      edit: dropCondition({ ...confirmation, cte: "winner", mentions: "isReservedFromOthers" }),
      tests: reserved,
    },
    {
      name: "a closed account reveals its change of the address",
      edit: dropCondition({ ...confirmation, cte: "candidate", mentions: "closed_at" }),
      tests: change,
    },
    {
      name: "a banned account can change its address",
      edit: dropCondition({ ...confirmation, cte: "candidate", mentions: "isBanned" }),
      tests: change,
    },
    {
      name: "an expired link changes the address",
      edit: dropCondition({ ...confirmation, cte: "candidate", mentions: "expires_at" }),
      tests: change,
    },
    {
      name: "open links survive a change of the address",
      edit: dropCteEffect({ ...confirmation, cte: "used_link" }),
      tests: change,
    },
    {
      name: "a change of the address cannot be undone",
      edit: dropCteEffect({ ...confirmation, cte: "new_change" }),
      tests: notMe,
    },
    {
      name: "a change of the address is not recorded",
      edit: dropCteEffect({ ...confirmation, cte: "new_event" }),
      tests: change,
    },
    {
      name: "the previous address gets no notice of a change",
      edit: dropCteEffect({ ...confirmation, cte: "old_notice" }),
      tests: change,
    },
    {
      name: "the new address may be the password",
      edit: dropAssignment({ ...confirmation, cte: "changed_user", column: "context_tags" }),
      tests: change,
    },
    {
      name: "a change of the address does not wait for a concurrent reset",
      edit: dropRowLock({ in: "lockAddressAndUser" }),
      tests: changeRaces,
    },
  ],
  "lib/auth/queries/not-me.ts": [
    {
      name: "“This wasn't me” keeps the sessions",
      edit: dropAssignment({ ...recovery, cte: "secured_user", column: "session_epoch" }),
      tests: notMe,
    },
    {
      name: "“This wasn't me” keeps the password",
      edit: dropAssignment({ ...recovery, cte: "secured_user", column: "password_hash" }),
      tests: notMe,
    },
    {
      name: "“This wasn't me” keeps the thief's address",
      edit: dropAssignment({ ...recovery, cte: "secured_user", column: "email_key" }),
      tests: notMe,
    },
    {
      name: "“This wasn't me” lets the address change again",
      edit: dropAssignment({ ...recovery, cte: "secured_user", column: "email_frozen_until" }),
      tests: notMe,
    },
    {
      name: "“This wasn't me” keeps the thief's browser known",
      edit: dropAssignment({ ...recovery, cte: "secured_user", column: "devices_valid_from" }),
      tests: devices,
    },
    {
      name: "“This wasn't me” keeps open links",
      edit: dropCteEffect({ ...recovery, cte: "used_link" }),
      tests: notMe,
    },
    {
      name: "a notice from before the last “This wasn't me” signs the owner out",
      edit: dropCondition({ ...recovery, cte: "incident", mentions: "is_new" }),
      tests: notMe,
    },
    {
      name: "“This wasn't me” works for good",
      edit: dropCondition({ ...recovery, cte: "owner", mentions: "notMeSeconds" }),
      tests: notMe,
    },
    {
      name: "any email can carry “This wasn't me”",
      edit: dropCondition({ ...recovery, cte: "owner", mentions: "kind" }),
      tests: notMe,
    },
    {
      name: "“This wasn't me” leaves a closed account closed",
      edit: dropAssignment({ ...recovery, cte: "secured_user", column: "closed_at" }),
      tests: notMe,
    },
    {
      name: "the reopening of an admin's account is not recorded",
      edit: dropCteEffect({ ...recovery, cte: "new_admin_event" }),
      tests: notMe,
    },
  ],
  "lib/auth/queries/address-holders.ts": [
    {
      name: "confirmations of one address run concurrently",
      edit: replaceSqlCall({ in: "addressLock", call: "pg_advisory_xact_lock", by: "null" }),
      tests: ["api/auth/verify-email-races", "api/auth/change-email-races"],
    },
    {
      name: "a restored address stays reserved for good",
      edit: dropCondition({ in: "isReserving", mentions: "changed_at" }),
      tests: reserved,
    },
  ],
  "lib/auth/queries/confirmations.ts": [
    {
      name: "a sign-up takes the previous address of an account",
      edit: dropCondition({ in: "confirmRegistration", cte: "decision", mentions: "isReserved", to: false }),
      tests: reserved,
    },
  ],
  "lib/auth/change-email.ts": [
    {
      name: "a frozen address is not refused",
      edit: setCondition({ in: "requestEmailChange", mentions: "frozen", to: false }),
      tests: notMe,
    },
  ],
  "lib/auth/queries/new-device-notice.ts": [
    {
      name: "a notice from before “This wasn't me” silences a new sign-in",
      edit: dropCondition({ in: "recentNotice", mentions: "devices_valid_from" }),
      tests: devices,
    },
  ],
};
