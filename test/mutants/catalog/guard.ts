import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { dropCheck, setCondition } from "../operators/condition.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { dropRaise } from "../operators/sql/function.js";
import { alwaysReturn, dropElement } from "../operators/value.js";

const sessionCheck = { sqlFunction: "require_session" } as const;

/** The functions in the database, the session check and the budgets, and the code that calls the check. */
export const guard: MutantsByFile = {
  "db/migrations/0002_functions.sql": [
    {
      name: "a budget is never spent",
      edit: dropAssignment({ sqlFunction: "throttle_charge", column: "allowed" }),
      tests: ["api/auth/throttle"],
    },
  ],
  "db/migrations/0019_ban_functions.sql": [
    {
      name: "an access token survives signing out",
      edit: dropCondition({ ...sessionCheck, mentions: "ended_at" }),
      tests: ["api/auth/logout"],
    },
    {
      name: "an access token survives a password reset",
      edit: dropCondition({ ...sessionCheck, mentions: "epoch" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "an access token survives the idle limit of its session",
      edit: dropCondition({ ...sessionCheck, mentions: "idle_expires_at" }),
      tests: ["api/auth/refresh"],
    },
    {
      name: "an access token works with the session of another user",
      edit: dropCondition({ ...sessionCheck, mentions: "p_user" }),
      tests: ["api/auth/access-token"],
    },
    {
      name: "every user has every role",
      edit: dropRaise({ ...sessionCheck, errcode: "LK003" }),
      tests: ["api/admin/access"],
    },
  ],
  "db/client.ts": [
    {
      name: "a guarded read runs without the session check",
      edit: replaceCall({ in: "openDatabase", call: "guardedRead", by: { argument: 1 } }),
      tests: ["api/auth/logout"],
    },
    {
      name: "a transaction without results counts as an empty result",
      edit: dropCheck({ in: "openDatabase", throws: "Error" }),
      tests: ["api/faults/unexpected-result"],
    },
  ],
  "db/batch.ts": [
    {
      name: "a guarded write runs without the session check",
      edit: alwaysReturn({ from: "guardsOf", value: "[]" }),
      tests: ["api/auth/logout"],
    },
    {
      name: "a response without the guard's row counts as an empty result",
      edit: setCondition({ in: "foundRows", mentions: "length", to: false }),
      tests: ["api/faults/unexpected-result"],
    },
    {
      name: "changes by admins run concurrently",
      edit: replaceSqlCall({ in: "adminLock", call: "pg_advisory_xact_lock", by: "null" }),
      tests: ["api/admin/last-admin"],
    },
    {
      name: "the role of an admin is not checked again after waiting for the lock",
      edit: dropElement({ in: "guardsOf", index: 2 }),
      tests: ["api/admin/last-admin"],
    },
  ],
};
