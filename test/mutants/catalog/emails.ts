import type { MutantsByFile } from "../mutant.js";
import { setArgument } from "../operators/call.js";
import { dropCondition } from "../operators/sql/condition.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { renameMember, replaceText } from "../operators/text.js";
import { alwaysReturn } from "../operators/value.js";

/** The outbox, the calls of Resend, and the content of emails. */
export const emails: MutantsByFile = {
  "lib/mail/attempt.ts": [
    {
      name: "each attempt at an email has its own idempotency key",
      edit: setArgument({ in: "sendPatiently", call: "sendEmail", argument: 3, to: "crypto.randomUUID()" }),
      tests: ["api/mail/crash"],
    },
  ],
  "lib/mail/outbox-log.ts": [
    {
      name: "the log shows the recipient of an email",
      edit: renameMember({ in: "logEmail", member: "kind", to: "recipient" }),
      tests: ["api/mail/verdicts"],
    },
  ],
  "lib/mail/queries.ts": [
    {
      name: "a new email has no lease, so two requests may send it",
      edit: replaceSqlCall({ in: "insertEmail", call: "make_interval", by: "interval '0'" }),
      tests: ["api/mail/crash"],
    },
    {
      name: "two concurrent runs lease the same email",
      edit: dropRowLock({ in: "leaseDueEmails", cte: "due_email" }),
      tests: ["api/mail/cron"],
    },
    {
      name: "an expired email is sent",
      edit: dropCondition({ in: "leaseDueEmails", mentions: "expires_at" }),
      tests: ["api/mail/cron"],
    },
    {
      name: "a late report of a failure makes a sent email due again",
      edit: dropCondition({ in: "recordDeliveries", cte: "recorded_email", mentions: "sent_at" }),
      tests: ["lib/mail/outbox"],
    },
  ],
  "lib/mail/layout.ts": [
    {
      name: "text in an email can be markup",
      edit: alwaysReturn({ from: "escapeHtml", value: "value" }),
      tests: ["lib/mail/messages"],
    },
  ],
  "lib/mail/messages.ts": [
    {
      name: "the token of a link reaches servers and their logs",
      edit: replaceText({ in: "linkUrl", text: "#token=", by: "?token=" }),
      tests: ["lib/mail/messages"],
    },
  ],
};
