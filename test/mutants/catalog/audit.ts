import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn } from "../operators/value.js";

/** The chains of events, their purge and their verification. */
export const audit: MutantsByFile = {
  "lib/audit/queries/chain.ts": [
    {
      name: "the MAC of an event covers its id only",
      edit: alwaysReturn({ from: "coveredEvent", value: "sql`jsonb_build_object('id', event.id)`" }),
      tests: ["audit/tampering"],
    },
  ],
  "db/migrations/0015_event_chain_functions.sql": [
    {
      name: "concurrent events of one account take the same place",
      edit: dropRowLock({ sqlFunction: "extend_event_chain" }),
      tests: ["audit/races"],
    },
  ],
  "lib/auth/queries/sessions.ts": [
    {
      name: "a sign-in locks the chain before the sessions that it ends",
      edit: dropCondition({ in: "startSession", mentions: "replaced_session" }),
      tests: ["audit/races"],
    },
  ],
  "lib/audit/queries/purge.ts": [
    {
      name: "the purge leaves gaps in chains",
      edit: dropCondition({ in: "purgeChain", mentions: "place" }),
      tests: ["audit/checkpoints"],
    },
    {
      name: "the purge leaves no checkpoint",
      edit: replaceText({ in: "purgeChain", text: "purged_seq = last.seq, purged_mac = last.mac,", by: "" }),
      tests: ["audit/checkpoints"],
    },
  ],
  "lib/audit/audit-key.ts": [
    {
      name: "one key signs the events of all days",
      edit: alwaysReturn({ from: "utcDay", value: '"2026-01-01"' }),
      tests: ["audit/secrets"],
    },
  ],
  "lib/audit/mac.ts": [
    {
      name: "every MAC is valid",
      edit: alwaysReturn({ from: "checkMac", value: '"valid"' }),
      tests: ["audit/tampering"],
    },
  ],
  "lib/audit/check-chain.ts": [
    {
      name: "a checkpoint may cover recent events",
      edit: setCondition({ in: "beginChain", mentions: "isOldEnough", to: false }),
      tests: ["audit/checkpoints"],
    },
    {
      name: "the last events of a chain may be missing",
      edit: alwaysReturn({ from: "endChain", value: "state" }),
      tests: ["audit/tampering"],
    },
    {
      name: "the key of one day signs events of another",
      edit: alwaysReturn({ from: "isFrom", value: "true" }),
      tests: ["audit/tampering"],
    },
  ],
  "lib/audit/verify.ts": [
    {
      name: "a chain may have lost all events",
      edit: alwaysReturn({ from: "checkHeads", value: "undefined" }),
      tests: ["audit/tampering"],
    },
    {
      name: "events without a MAC are always accepted",
      edit: alwaysReturn({ from: "checkUnchained", value: "undefined" }),
      tests: ["audit/unchained"],
    },
  ],
  "lib/auth/queries/own-events.ts": [
    {
      name: "everyone sees the activity of all accounts",
      edit: dropCondition({ in: "pageOfEvents", mentions: "user_id" }),
      tests: ["api/auth/events"],
    },
  ],
};
