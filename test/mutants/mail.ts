// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of mails: the outbox, what is sent, and what they say. */
export const mail: Sabotages = {
  "lib/mail/outbox.ts": [
    {
      name: "mails that failed wait for the cron, which runs once a day",
      find: "isLate ? 0 : outboxLimits.claimedAfterAnswer",
      replace: "0",
      tests: ["api/mail/cron"],
    },
    {
      name: "each attempt at a mail has another idempotency key",
      find: "mail.recipient, message, mail.id)",
      replace: "mail.recipient, message, crypto.randomUUID())",
      tests: ["api/mail/crash"],
    },
    {
      name: "a mail that cannot be sent is tried for ever",
      find: "(!result.retry || mail.attempts >= outboxLimits.maxAttempts)",
      replace: "!result.retry",
      tests: ["api/mail/verdicts"],
    },
    {
      name: "a dead mail is sent",
      find: "if (mail.isDead) continue;",
      replace: "",
      tests: ["api/mail/cron"],
    },
    {
      name: "the log names who gets a mail",
      find: "    kind: mail.kind,\n",
      replace: "    kind: mail.kind,\n    to: mail.recipient,\n",
      tests: ["api/mail/verdicts"],
    },
    {
      name: "sending goes on when the function's time is over",
      find: "const isLate = Date.now() > untilMs;",
      replace: "const isLate = untilMs < 0;",
      tests: ["lib/mail/outbox"],
    },
  ],
  "lib/mail/settle-together.ts": [
    {
      name: "what is written down together is written down twice",
      find: "        gathering = undefined;\n",
      replace: "",
      tests: ["lib/mail/settle-together"],
    },
    {
      name: "the first of a group gets the due mails of all",
      find: ".splice(0, limit)",
      replace: ".splice(0)",
      tests: ["lib/mail/settle-together"],
    },
    {
      name: "a statement that hangs holds up all that is to be written down",
      find: "Promise.race([work, soon])",
      replace: "work",
      tests: ["lib/mail/settle-together"],
    },
    {
      name: "a statement that failed fails all after it",
      find: "group.due.catch(() => {})",
      replace: "group.due",
      tests: ["lib/mail/settle-together"],
    },
  ],
  "lib/mail/queries.ts": [
    {
      name: "a new mail has no lease: two may send it",
      find: "now() + make_interval(secs => ${outboxLimits.leaseSeconds}), now() + r.lifetime,",
      replace: "now(), now() + r.lifetime,",
      tests: ["api/mail/crash"],
    },
    {
      name: "what the cron claims has no lease",
      find: "due_at = now() + make_interval(secs => ${outboxLimits.leaseSeconds}),",
      replace: "due_at = now(),",
      tests: ["api/mail/cron"],
    },
    {
      name: "one mail is claimed by two runs at once",
      find: " for update skip locked",
      replace: "",
      tests: ["api/mail/cron"],
    },
    {
      name: "a run of the cron waits for the mails of another",
      find: " for update skip locked",
      replace: " for update",
      tests: ["api/mail/cron"],
    },
    {
      name: "an expired mail is still sent",
      find: "when expires_at <= now() or attempts",
      replace: "when attempts",
      tests: ["api/mail/cron"],
    },
    {
      name: "a late report of a failure makes a sent mail due again",
      find: " and o.sent_at is null",
      replace: "",
      tests: ["lib/mail/outbox"],
    },
    {
      name: "a mail whose lease ran out is taken again by the statement that writes it down",
      find: " and id <> all(${sql.param(besides)}::uuid[])",
      replace: "",
      tests: ["lib/mail/outbox"],
    },
  ],
  "lib/system/queries.ts": [
    {
      name: "the cron gives spent budgets back",
      find: '"tat < now()"',
      replace: '"tat is not null"',
      tests: ["api/mail/purge"],
    },
  ],
  "lib/mail/send.ts": [
    {
      name: "Resend is given no idempotency key",
      find: "...message }, { idempotencyKey })",
      replace: "...message })",
      tests: ["api/mail/verdicts"],
    },
    {
      name: "what Resend answers, which may quote the address, is kept and logged",
      find: "return error ? failure(error.name, error.statusCode)",
      replace: "return error ? failure(error.message, error.statusCode)",
      tests: ["api/mail/verdicts"],
    },
    {
      name: "Resend may take for ever",
      find: "{ headers: Object.fromEntries(headers), body, deadline }",
      replace: "{ headers: Object.fromEntries(headers), body }",
      tests: ["api/mail/outage"],
    },
    {
      name: "a mail that was refused without a word counts as sent",
      find: "return { ...unnamed, ...JSON.parse(text), statusCode };",
      replace: "return JSON.parse(text);",
      tests: ["api/mail/verdicts"],
    },
  ],
  "lib/mail/messages.ts": [
    {
      name: "the token of a link reaches servers and their logs",
      find: "#token=${encodeURIComponent(token)}",
      replace: "?token=${encodeURIComponent(token)}",
      tests: ["lib/mail/messages"],
    },
    {
      name: "what stands for a token in a redirect may be anything",
      find: "#token=${encodeURIComponent(token)}",
      replace: "#token=${token}",
      tests: ["api/auth/verify-email"],
    },
  ],
  "lib/mail/layout.ts": [
    {
      name: "text in a mail can be markup",
      find: "value.replace(/[&<>\"']/g, (character) => escapes[character] ?? character)",
      replace: "escapes[value] ?? value",
      tests: ["lib/mail/messages"],
    },
  ],
  "lib/mail/limits.ts": [
    {
      name: "a mail outlives the idempotency key that Resend remembers",
      find: "noticeSeconds: 23 * 3600",
      replace: "noticeSeconds: 48 * 3600",
      tests: ["lib/mail/outbox"],
    },
  ],
  "lib/system/contract.ts": [
    {
      name: "the cron asks for no secret",
      find: 'auth: "cron-secret"',
      replace: 'auth: "none"',
      tests: ["api/mail/cron"],
    },
  ],
};
