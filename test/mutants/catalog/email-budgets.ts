import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { setBranch } from "../operators/sql/branch.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { replaceText } from "../operators/text.js";
import { alwaysReturn } from "../operators/value.js";

/** The budgets of all email, quotas, dead links, and addresses that bounce. */
export const emailBudgets: MutantsByFile = {
  "lib/mail/email-windows.ts": [
    {
      name: "emails of strangers spend the reserve of resets",
      edit: alwaysReturn({ from: "openShare", value: "total" }),
      tests: ["api/mail/budget"],
    },
  ],
  "lib/mail/queries/admission.ts": [
    {
      name: "concurrent runs together exceed the budget of all email",
      edit: replaceSqlCall({ in: "admitEmails", call: "pg_advisory_xact_lock", by: "null" }),
      tests: ["api/mail/budget"],
    },
    {
      name: "an email that waits for room loses an attempt",
      edit: replaceText({ in: "admitEmails", text: "(decision.verdict = 'wait')::int", by: "0" }),
      tests: ["api/mail/budget"],
    },
    {
      name: "an email leaves the budget before its hour is over",
      edit: replaceText({ in: "roomOf", text: "email_window.seconds + ", by: "email_window.seconds - " }),
      tests: ["api/mail/budget"],
    },
    {
      name: "a spent budget is reported once per run",
      edit: dropCondition({ in: "charges", cte: "newly_spent", mentions: "spent_window.name", to: false }),
      tests: ["api/mail/budget"],
    },
  ],
  "lib/mail/queries/candidates.ts": [
    {
      name: "a used reset link is mailed",
      edit: dropCondition({ in: "isVoid", mentions: "used_at" }),
      tests: ["api/mail/void-links"],
    },
    {
      name: "the link of a confirmed sign-up is mailed",
      edit: dropCondition({ in: "isVoid", mentions: "registrations.user_id" }),
      tests: ["api/mail/void-links"],
    },
    {
      name: "a reset that was withheld keeps an earlier one from being mailed",
      edit: dropCondition({ in: "isVoid", mentions: "newer.recipient" }),
      tests: ["api/mail/void-links"],
    },
    {
      name: "an address that bounced gets email",
      edit: setBranch({ in: "checkedEmails", result: "suppressed", when: "false" }),
      tests: ["api/mail/webhook"],
    },
    {
      name: "an address that bounced never gets email again",
      edit: dropCondition({ in: "checkedEmails", mentions: "suppressions.expires_at" }),
      tests: ["api/mail/webhook"],
    },
  ],
  "lib/mail/queries.ts": [
    {
      name: "a preview deployment sends the emails of production",
      edit: dropCondition({ in: "isDue", mentions: "appUrl", to: true }),
      tests: ["api/mail/deployments"],
    },
    {
      name: "resets queue behind the sign-ups of strangers",
      edit: replaceText({ in: "leaseDueEmails", text: "known_kind.is_reserved desc, ", by: "" }),
      tests: ["api/mail/budget"],
    },
    {
      name: "an email that Resend refused keeps its place in the budget",
      edit: dropCteEffect({ in: "recordDeliveries", cte: "settled_bucket" }),
      tests: ["api/mail/budget"],
    },
  ],
  "lib/mail/attempt.ts": [
    {
      name: "an email that met the rate limit is not retried in the same run",
      edit: setCondition({ in: "sendPatiently", mentions: "rate-limit", to: true }),
      tests: ["api/mail/refusals"],
    },
    {
      name: "a spent quota counts as an attempt",
      edit: setCondition({ in: "deliveryOf", mentions: "quota", to: false }),
      tests: ["api/mail/refusals"],
    },
  ],
  "lib/mail/webhook.ts": [
    {
      name: "anyone can stop the emails to an address",
      edit: replaceCall({ in: "requireSignature", call: "verify", by: "undefined" }),
      tests: ["api/mail/webhook"],
    },
  ],
  "lib/mail/email-event.ts": [
    {
      name: "a full mailbox stops the emails to an address",
      edit: setCondition({ in: "reasonOf", mentions: "Permanent", to: true }),
      tests: ["api/mail/webhook"],
    },
  ],
  "lib/mail/suppression-keys.ts": [
    {
      name: "another spelling of an address that bounced gets email",
      edit: replaceCall({ in: "suppressionKeys", call: "emailKey", by: { argument: 0 } }),
      tests: ["api/mail/webhook"],
    },
  ],
};
