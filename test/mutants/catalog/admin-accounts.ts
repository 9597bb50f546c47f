import type { MutantsByFile } from "../mutant.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";

const sessions = ["api/admin/user-sessions"];
const reset = ["api/admin/password-reset"];
const restore = ["api/admin/restore"];
const outbox = ["api/admin/outbox"];

/** Operations of admins on accounts and emails, besides changing and deleting users. */
export const adminAccounts: MutantsByFile = {
  "lib/admin/queries/user-sessions.ts": [
    {
      name: "a user's sessions survive an admin who ends them",
      edit: dropCondition({ in: "endSessionsOf", cte: "changed_user", mentions: "exists", to: false }),
      tests: sessions,
    },
    {
      name: "the end of sessions is announced to a user who had no session",
      edit: dropCondition({ in: "endSessionsOf", cte: "changed_user", mentions: "exists" }),
      tests: sessions,
    },
    {
      name: "admins do not see who ended a user's sessions",
      edit: dropCteEffect({ in: "endSessionsOf", cte: "new_event" }),
      tests: sessions,
    },
    {
      name: "the owner's history does not say that an admin ended the sessions",
      edit: dropCteEffect({ in: "endSessionsOf", cte: "new_own_event" }),
      tests: sessions,
    },
  ],
  "lib/admin/queries/password-reset.ts": [
    {
      name: "a second click of an admin sends a second link",
      edit: dropCondition({ in: "insertResetByAdmin", cte: "candidate", mentions: "isRepeated" }),
      tests: reset,
    },
    {
      name: "an admin can fill a mailbox",
      edit: dropCondition({ in: "insertResetByAdmin", cte: "new_link", mentions: "wait" }),
      tests: reset,
    },
    {
      name: "the owner's history does not say that an admin started a reset",
      edit: dropCteEffect({ in: "insertResetByAdmin", cte: "new_own_event" }),
      tests: reset,
    },
  ],
  "lib/admin/queries/restoring.ts": [
    {
      name: "a restored account stays closed",
      edit: dropAssignment({ in: "restoreUserRow", cte: "restored_user", column: "closed_at" }),
      tests: restore,
    },
    {
      name: "restoring an open account is recorded and announced",
      edit: dropCondition({ in: "restoreUserRow", cte: "closed_user", mentions: "closed_at" }),
      tests: restore,
    },
  ],
  "lib/admin/queries/outbox.ts": [
    {
      name: "the outbox shows the address of a stranger",
      edit: dropCondition({ in: "shownRecipient", mentions: "outbox.recipient", to: true }),
      tests: outbox,
    },
  ],
  "lib/admin/queries/outbox-changes.ts": [
    {
      name: "an email with a used link is sent again",
      edit: dropCondition({ in: "retryEmailRow", cte: "changed_email", mentions: "is_outdated" }),
      tests: outbox,
    },
    {
      name: "a retry takes an email from the request that sends it",
      edit: dropCondition({ in: "retryEmailRow", mentions: "isBeingSent", to: false }),
      tests: outbox,
    },
    {
      name: "a retry sends the email of another deployment",
      edit: dropCondition({ in: "retryEmailRow", mentions: "appUrl", to: true }),
      tests: outbox,
    },
    {
      name: "a retry leaves no event",
      edit: dropCteEffect({ in: "retryEmailRow", cte: "new_event" }),
      tests: outbox,
    },
    {
      name: "an email that was sent can be dropped",
      edit: dropCondition({ in: "dropEmailRow", cte: "changed_email", mentions: "sent_at" }),
      tests: outbox,
    },
  ],
};
