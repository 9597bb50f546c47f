import { PgDialect } from "drizzle-orm/pg-core";
import { purgeClosedAccounts } from "../../../lib/auth/queries/closed-accounts.js";
import { clearGuessBudgets } from "../../../lib/auth/queries/not-me.js";
import { admitEmails } from "../../../lib/mail/queries/admission.js";
import { nothingCharged, recordDeliveries } from "../../../lib/mail/queries.js";
import { purgeExpired } from "../../../lib/system/queries.js";

const admission = admitEmails([], []);
const key = { id: "", inner: Buffer.alloc(0), outer: Buffer.alloc(0) };
const purges = [purgeExpired(key), purgeClosedAccounts({ key, requestId: "" })];
const record = recordDeliveries([], nothingCharged, { limit: 1, appUrl: "" });

const clearing = clearGuessBudgets("", []);

/** The statements that send email, purge rows and clear budgets after a response. */
const texts = new Set(
  [admission, record, ...purges, clearing]
    .flatMap(({ first = [], statement }) => [...first, statement])
    .map((statement) => new PgDialect().sqlToQuery(statement).sql),
);

/** Whether a round trip is made after a response. That of an earlier request may still be pending. */
export const isAfterResponse = (statements: readonly string[]): boolean =>
  statements.every((text) => texts.has(text));
