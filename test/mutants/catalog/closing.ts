import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { dropAssignment } from "../operators/sql/assignment.js";
import { setBranch } from "../operators/sql/branch.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { replaceText } from "../operators/text.js";
import { setValue } from "../operators/value.js";

const closing = { in: "closeAccountRow" } as const;
const restoring = { in: "restoreAccountRow" } as const;
const purging = { in: "purgeClosedAccounts" } as const;
const close = ["api/auth/close-account"];
const races = ["api/auth/closing-races"];
const restore = ["api/auth/restore-account"];
const purge = ["api/mail/purge-accounts"];
const download = ["api/auth/export"];

/** Closing an account, restoring it, purging it, and the export of its data. */
export const closingAccounts: MutantsByFile = {
  "lib/auth/queries/closing.ts": [
    {
      name: "the sessions survive the closing of their account",
      edit: dropAssignment({ ...closing, cte: "closed_user", column: "session_epoch" }),
      tests: close,
    },
    {
      name: "the links of an earlier closing survive the next one",
      edit: dropCteEffect({ ...closing, cte: "void_link" }),
      tests: restore,
    },
    {
      name: "the last admin can leave",
      edit: dropCondition({ ...closing, cte: "closed_user", mentions: "hasOtherAdmin" }),
      tests: close,
    },
    {
      name: "a session that has ended in the meantime closes the account",
      edit: dropCondition({ ...closing, cte: "target_user", mentions: "ended_at" }),
      tests: races,
    },
    {
      name: "a session that a ban has ended in the meantime closes the account",
      edit: dropCondition({ ...closing, cte: "target_user", mentions: "epoch" }),
      tests: races,
    },
    {
      name: "a closing leaves no event",
      edit: dropCteEffect({ ...closing, cte: "new_event" }),
      tests: close,
    },
    {
      name: "other admins cannot see that one has left",
      edit: dropCteEffect({ ...closing, cte: "new_admin_event" }),
      tests: close,
    },
    {
      name: "a void link opens an account",
      edit: dropCondition({ ...restoring, cte: "restored_user", mentions: "used_at" }),
      tests: restore,
    },
    {
      name: "a restoration of an open account tells its owner again",
      edit: dropCondition({ ...restoring, cte: "restored_user", mentions: "closed_at" }),
      tests: restore,
    },
    {
      name: "an account that is due can be restored",
      edit: dropCondition({ ...restoring, cte: "candidate", mentions: "expires_at" }),
      tests: restore,
    },
    {
      name: "any link of an account restores it",
      edit: dropCondition({ ...restoring, cte: "candidate", mentions: "purposeLiteral" }),
      tests: restore,
    },
  ],
  "db/batch.ts": [
    {
      name: "a closing does not wait for other changes of the account",
      edit: dropRowLock({ in: "adminLockOf" }),
      tests: races,
    },
  ],
  "lib/auth/queries/known-user.ts": [
    {
      name: "an account that is due still gets email",
      edit: setValue({ of: "isReachable", to: "sql`true`" }),
      tests: close,
    },
    {
      name: "a used link is sent to the mailbox of a closed account",
      edit: dropCondition({ in: "knownUser", mentions: "used_at" }),
      tests: restore,
    },
  ],
  "lib/auth/queries/sessions.ts": [
    {
      name: "a closed account can sign in",
      edit: dropCondition({ in: "selectForSignIn", mentions: "closed_at" }),
      tests: close,
    },
  ],
  "lib/auth/queries/links.ts": [
    {
      name: "a closed account can set a new password",
      edit: dropCondition({ in: "consumeReset", cte: "candidate", mentions: "closed_at" }),
      tests: close,
    },
  ],
  "lib/auth/queries/confirmations.ts": [
    {
      name: "a confirmation signs in to a closed account",
      edit: setBranch({
        in: "confirmRegistration",
        result: "invalid",
        mentions: "closed_at",
        when: "linked.id is null",
      }),
      tests: close,
    },
  ],
  "lib/admin/queries/active-admin.ts": [
    {
      name: "a closed admin counts as one who can sign in",
      edit: replaceText({ in: "isActiveAdmin", text: ".closed_at is null", by: ".role is not null" }),
      tests: close,
    },
  ],
  "lib/auth/queries/closed-accounts.ts": [
    {
      name: "the purge deletes closed accounts immediately",
      edit: setValue({ of: "isPurgeDue", to: "sql`users.closed_at is not null`" }),
      tests: purge,
    },
    {
      name: "the purge leaves sign-ups with the address",
      edit: dropCteEffect({ ...purging, cte: "deleted_registration" }),
      tests: purge,
    },
    {
      name: "the purge leaves emails to the address",
      edit: dropCteEffect({ ...purging, cte: "deleted_email" }),
      tests: purge,
    },
    {
      name: "the purge leaves no event",
      edit: dropCteEffect({ ...purging, cte: "new_event" }),
      tests: purge,
    },
    { name: "the purge waits for a locked account", edit: dropRowLock(purging), tests: purge },
  ],
  "lib/auth/queries/export.ts": [
    {
      name: "an export has the rows of every user",
      edit: dropCondition({ in: "measuredRows", mentions: "owner" }),
      tests: download,
    },
    {
      name: "an export measures JSON as if it was compressed",
      edit: replaceText({ in: "bytesOf", text: "::text), 0)", by: "::text) / 100, 0)" }),
      tests: download,
    },
    {
      name: "the pages of an export have any size",
      edit: dropCondition({ in: "selectExportPage", mentions: "bytes_before" }),
      tests: download,
    },
  ],
  "lib/auth/export-stream.ts": [
    {
      name: "an export reads ahead of its reader",
      edit: setValue({ of: "strategy", to: "{ highWaterMark: 1000 }" }),
      tests: download,
    },
  ],
  "lib/auth/allowance.ts": [
    {
      name: "exports cost nothing",
      edit: setCondition({ in: "exportAllowanceOf", mentions: "isPaid", to: true }),
      tests: download,
    },
    {
      name: "every page of an export costs one",
      edit: setCondition({ in: "exportAllowanceOf", mentions: "isPaid", to: false }),
      tests: download,
    },
  ],
};
