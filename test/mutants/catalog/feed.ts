import type { MutantsByFile } from "../mutant.js";
import { replaceCall, setArgument } from "../operators/call.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { makeJoinInner } from "../operators/sql/join.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn, dropProperty, setValue } from "../operators/value.js";

/** The calendar feed: its URL, its end, its contents and its limits. */
export const feed: MutantsByFile = {
  "lib/feed/token.ts": [
    {
      name: "any secret opens a feed with known ids",
      edit: alwaysReturn({
        from: "readFeedFile",
        value:
          '{ userId: uuidText(Buffer.from(file, "base64url").subarray(0, 16)), id: uuidText(Buffer.from(file, "base64url").subarray(16, 32)) }',
      }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a rotation of the secret ends feeds",
      edit: replaceCall({ in: "readFeedFile", call: "map", by: "[keyedHash(ring[0].feed, bytes)]" }),
      tests: ["api/feed/feed-end"],
    },
  ],
  "lib/feed/queries/own-feed.ts": [
    {
      name: "GET /api/feed shows an ended feed",
      edit: dropCondition({ in: "selectFeed", mentions: "feeds.epoch" }),
      tests: ["api/feed/feed-end"],
    },
    {
      name: "a feed created by an ending session has the next epoch",
      edit: replaceText({
        in: "replaceFeed",
        text: "select sessions.user_id, sessions.epoch from sessions",
        by: "select sessions.user_id, users.session_epoch as epoch from sessions join users on users.id = sessions.user_id",
      }),
      tests: ["api/feed/feed-races"],
    },
    {
      name: "a replay replaces the feed",
      edit: dropCondition({ in: "replaceFeed", cte: "new_feed", mentions: "isReplay" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a replay returns a feed that has ended",
      edit: dropCondition({ in: "replaceFeed", mentions: "feeds.epoch" }),
      tests: ["api/feed/feed-end"],
    },
    {
      name: "a new feed keeps the old URL",
      edit: replaceText({ in: "replaceFeed", text: "id = excluded.id, ", by: "" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a replaced feed keeps an outdated epoch",
      edit: replaceText({ in: "replaceFeed", text: "epoch = excluded.epoch, ", by: "" }),
      tests: ["api/feed/feed-end"],
    },
    {
      name: "a new feed is not recorded",
      edit: dropCteEffect({ in: "replaceFeed", cte: "new_event" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a new feed deadlocks with the deletion of the account",
      edit: replaceCall({ in: "replaceFeed", call: "lockedOwner", by: "sql`(select) as owner`" }),
      tests: ["api/feed/feed-races"],
    },
    {
      name: "a revocation deletes the feeds of all users",
      edit: dropCondition({ in: "deleteFeedRow", mentions: "feeds.user_id" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a revocation is not recorded",
      edit: dropCteEffect({ in: "deleteFeedRow", cte: "new_event" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a revocation deadlocks with the deletion of the account",
      edit: replaceCall({ in: "deleteFeedRow", call: "lockedOwner", by: "sql`(select) as owner`" }),
      tests: ["api/feed/feed-races"],
    },
  ],
  "lib/feed/queries/published-tasks.ts": [
    {
      name: "a feed outlives the sessions of its account",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "feeds.epoch" }),
      tests: ["api/feed/feed-end"],
    },
    {
      name: "a replaced URL keeps working",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "feeds.id" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "the feed of a banned user keeps working",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "isBanned" }),
      tests: ["api/feed/feed-end"],
    },
    {
      name: "the feed of a closed account keeps working",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "users.closed_at" }),
      tests: ["api/feed/feed-end"],
    },
    {
      name: "an account without tasks has no feed",
      edit: makeJoinInner({ in: "selectPublishedTasks", table: "sync_heads" }),
      tests: ["api/feed/feed"],
    },
    {
      name: "a feed shows the tasks of all users",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "tasks.user_id" }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "a feed shows completed tasks",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "tasks.status" }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "a feed sorts tasks by id",
      edit: replaceText({
        in: "selectPublishedTasks",
        text: "(order by candidate.due, candidate.id)",
        by: "(order by candidate.id)",
      }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "a full feed omits the tasks that are due first",
      edit: replaceText({
        in: "selectPublishedTasks",
        text: "order by due, tasks.id limit",
        by: "order by due desc, tasks.id limit",
      }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "the size of a feed is unlimited",
      edit: dropCondition({ in: "selectPublishedTasks", mentions: "measured.bytes_before" }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "a description loses one character too many",
      edit: replaceText({ in: "description", text: "<= ", by: "< " }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "any known tag gets 304",
      edit: replaceText({
        in: "selectPublishedTasks",
        text: "or feed.tag = any(",
        by: "or feed.tag <> any(",
      }),
      tests: ["api/feed/published-tasks"],
    },
    {
      name: "the reads of a feed are free",
      edit: dropProperty({ in: "selectPublishedTasks", property: "allowance" }),
      tests: ["api/feed/feed-budget"],
    },
  ],
  "lib/feed/content-lines.ts": [
    {
      name: "a line may have 76 octets",
      edit: setValue({ of: "maxOctets", to: "76" }),
      tests: ["lib/feed/content-lines"],
    },
    {
      name: "a fold splits a character",
      edit: alwaysReturn({ from: "isContinuation", value: "false" }),
      tests: ["lib/feed/content-lines"],
    },
    {
      name: "a text keeps control characters",
      edit: setValue({ of: "control", to: "/$^/g" }),
      tests: ["lib/feed/content-lines"],
    },
  ],
  "lib/feed/calendar.ts": [
    {
      name: "a date is written as an instant",
      edit: replaceText({ in: "dueOf", text: "DUE;VALUE=DATE", by: "DUE" }),
      tests: ["lib/feed/calendar"],
    },
    {
      name: "a low priority is the highest one",
      edit: setValue({ of: "priorities", to: '{ 3: "9", 2: "5", 1: "1" }' }),
      tests: ["lib/feed/calendar"],
    },
  ],
  "lib/auth/allowance.ts": [
    {
      name: "the reads of a feed spend the budget of the API",
      edit: setValue({ of: "feedAllowanceOf.budget", to: "budgets.dataByUser" }),
      tests: ["api/feed/feed-budget"],
    },
  ],
  "api/feed/[file].ts": [
    {
      name: "a shared cache may keep a feed",
      edit: replaceText({ in: "readFeed", text: "private, max-age=", by: "public, max-age=" }),
      tests: ["api/feed/published-tasks"],
    },
  ],
  "api/feed/index.ts": [
    {
      name: "an account creates any number of feeds",
      edit: setArgument({ in: "createFeed", call: "allowanceOf", argument: 2, to: "undefined" }),
      tests: ["api/feed/feed"],
    },
  ],
};
