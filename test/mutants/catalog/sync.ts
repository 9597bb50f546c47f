import type { MutantsByFile } from "../mutant.js";
import { dropCheck, setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn, setValue } from "../operators/value.js";

/** Sequence numbers, tombstones, and the tokens of clients that synchronize. */
export const sync: MutantsByFile = {
  "db/migrations/0025_sync_functions.sql": [
    {
      name: "a deleted task leaves no tombstone",
      edit: dropCondition({ sqlFunction: "record_change", mentions: "old.user_id", to: false }),
      tests: ["api/sync/changes"],
    },
    {
      name: "the deletion of an account tries to leave tombstones",
      edit: dropCondition({ sqlFunction: "record_change", mentions: "old.user_id", to: true }),
      tests: ["api/tasks/account-deletion-races"],
    },
    {
      name: "a restored task keeps its tombstone",
      edit: dropCondition({ sqlFunction: "record_change", mentions: "new.id", to: false }),
      tests: ["api/sync/changes"],
    },
    {
      name: "a transaction reuses the number of the last one",
      edit: dropCondition({ sqlFunction: "count_change", mentions: "counted_by" }),
      tests: ["api/sync/changes"],
    },
  ],
  "lib/sync/queries/changes.ts": [
    {
      name: "a client synchronizes the tasks of every user",
      edit: replaceText({ in: "selectChanges.owned", text: "user_id", by: "true or user_id" }),
      tests: ["api/sync/changes"],
    },
    {
      name: "a client continues after the database was restored",
      edit: dropCondition({ in: "isCurrentPlace", mentions: "greatest" }),
      tests: ["api/sync/tokens"],
    },
    {
      name: "a client continues although it missed a purged tombstone",
      edit: dropCondition({ in: "isCurrentPlace", mentions: "lastId", to: true }),
      tests: ["api/sync/horizon"],
    },
    {
      name: "a client that has seen the last purged tombstone must start again",
      edit: dropCondition({ in: "isCurrentPlace", mentions: "lastId", to: false }),
      tests: ["api/sync/horizon"],
    },
    {
      name: "a client continues from the middle of purged tombstones",
      edit: replaceText({ in: "isCurrentPlace", text: "(horizon, ", by: "(horizon - 1, " }),
      tests: ["api/sync/horizon"],
    },
    {
      name: "the purge interrupts a first synchronization",
      edit: replaceText({ in: "isCurrentPlace", text: "::bigint >= horizon", by: "::bigint < 0" }),
      tests: ["api/sync/horizon"],
    },
    {
      name: "a client that starts gets the tombstones of earlier deletions",
      edit: dropCondition({ in: "selectChanges", mentions: "deletionsFrom" }),
      tests: ["api/sync/changes"],
    },
    {
      name: "a client that starts misses the deletions since its first page",
      edit: setValue({ of: "selectChanges.deletionsFrom", to: "sql`(select seq from head)`" }),
      tests: ["api/sync/changes"],
    },
  ],
  "lib/sync/page.ts": [
    {
      name: "a client skips the rows after a full page",
      edit: setCondition({ in: "syncPageOf.place", mentions: "hasMore", to: false }),
      tests: ["api/sync/pages"],
    },
  ],
  "lib/sync/token.ts": [
    {
      name: "a client may use the token of another user",
      edit: alwaysReturn({ from: "scopeOf", value: '["sync"]' }),
      tests: ["api/sync/tokens"],
    },
  ],
  "api/sync.ts": [
    {
      name: "a client with an old token is not told to start again",
      edit: dropCheck({ in: "syncChanges", throws: "full-resync-required" }),
      tests: ["api/sync/tokens"],
    },
  ],
};
