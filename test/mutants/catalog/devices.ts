import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { alwaysReturn, setValue } from "../operators/value.js";

const list = ["api/auth/list-sessions"];
const end = ["api/auth/end-sessions"];
const notice = ["api/auth/new-device"];
const source = { in: "insertNewDeviceNotice" } as const;

/** The list of devices, ending their sessions, and the notice of a new one. */
export const devices: MutantsByFile = {
  "lib/auth/queries/own-sessions.ts": [
    {
      name: "the list shows sessions that have ended",
      edit: dropCondition({ in: "liveOf", mentions: "ended_at" }),
      tests: list,
    },
    {
      name: "the list shows sessions that a reset has ended",
      edit: dropCondition({ in: "liveOf", mentions: "session_epoch" }),
      tests: list,
    },
    {
      name: "the list shows the sessions of every user",
      edit: dropCondition({ in: "liveOf", mentions: "user_id" }),
      tests: list,
    },
    {
      name: "another user's session looks like one's own",
      edit: dropCondition({ in: "endOwnSession", mentions: "user_id" }),
      tests: end,
    },
    {
      name: "signing one device out ends no session",
      edit: dropCteEffect({ in: "endOwnSession", cte: "ended_session" }),
      tests: end,
    },
    {
      name: "signing one device out leaves no event",
      edit: dropCteEffect({ in: "endOwnSession", cte: "new_event" }),
      tests: end,
    },
    {
      name: "signing the other devices out ends this session too",
      edit: dropCondition({ in: "endOwnSessions", cte: "ended_session", mentions: "sessionId" }),
      tests: end,
    },
    {
      name: "an event says that sessions ended when there were no others",
      edit: dropCondition({ in: "endOwnSessions", mentions: "exists" }),
      tests: end,
    },
  ],
  "lib/auth/session-end.ts": [
    {
      name: "the end of a session clears the cookie of another one",
      edit: setCondition({ in: "clearCookieOf", mentions: "sessionId", to: true }),
      tests: end,
    },
  ],
  "lib/auth/device.ts": [
    {
      name: "a caller can put any text into the name of its browser",
      edit: setCondition({ in: "knownName", mentions: "names", to: true }),
      tests: ["auth/device"],
    },
    {
      name: "a user agent of any length is parsed",
      edit: setValue({ of: "maxUserAgentLength", to: "1e6" }),
      tests: ["auth/device"],
    },
  ],
  "lib/auth/place.ts": [
    {
      name: "a city may hold markup and control characters",
      edit: setValue({ of: "city", to: "/./" }),
      tests: ["auth/place"],
    },
    {
      name: "the place of a front end counts as that of its callers",
      edit: setCondition({ in: "placeOf", mentions: "isFromProxy", to: false }),
      tests: ["auth/place"],
    },
  ],
  "lib/auth/queries/new-device-notice.ts": [
    {
      name: "a new device is not announced",
      edit: alwaysReturn({ from: "insertNewDeviceNotice", value: "sql`select null::jsonb as email`" }),
      tests: notice,
    },
    {
      name: "a script causes an email with each sign-in",
      edit: dropCondition({ ...source, mentions: "dead_at", to: false }),
      tests: notice,
    },
    {
      name: "a new device causes no notice within a day of another one",
      edit: dropCondition({ ...source, mentions: "device" }),
      tests: notice,
    },
    {
      name: "a notice that was never sent counts as a notice",
      edit: dropCondition({ ...source, mentions: "dead_at" }),
      tests: notice,
    },
    {
      name: "a thief can fill the mailbox with devices",
      edit: dropCondition({ ...source, mentions: "maxPerWindow" }),
      tests: notice,
    },
  ],
  "api/auth/login.ts": [
    {
      name: "every sign-in is announced, also in a known browser",
      edit: setCondition({ in: "login", mentions: "isKnownDevice", to: false }),
      tests: notice,
    },
  ],
};
