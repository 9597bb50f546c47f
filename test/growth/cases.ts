import { PgDialect } from "drizzle-orm/pg-core";
import { uuidv7 } from "uuidv7";
import type { Operation } from "../../lib/contract.js";
import { emailWindows } from "../../lib/mail/email-windows.js";
import { outboxLimits } from "../../lib/mail/limits.js";
import { admitEmails } from "../../lib/mail/queries/admission.js";
import { nothingCharged, recordDeliveries } from "../../lib/mail/queries.js";
import { routes } from "../../lib/routes.js";
import type { Stack } from "../stack/stack.js";
import { addressCases } from "./address-cases.js";
import { batchCases } from "./batch-cases.js";
import { closingCases } from "./closing-cases.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { feedCases } from "./feed-cases.js";
import { labelCases, labelCountCases } from "./label-cases.js";
import { listCases, orderedListCases } from "./list-cases.js";
import { moveCases } from "./move-cases.js";
import { passwordCases } from "./password-cases.js";
import { ownerOfMany } from "./population.js";
import { placementFilterCases, projectCases } from "./project-cases.js";
import { adminSessionCases, limitsCase, quotaCases, sessionCases } from "./quota-cases.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import {
  afterSql,
  combine,
  existingUser,
  secondPage,
  withHeader,
  withJson,
  withQuery,
} from "./request-changes.js";
import { signUpCases } from "./sign-up-cases.js";
import { syncCases } from "./sync-cases.js";
import { filterCases, sortCases } from "./task-cases.js";
import { transferCases } from "./transfer-cases.js";
import { trashCases } from "./trash-cases.js";

/** A statement that a function runs after its response. */
const afterResponse = (
  title: string,
  statement: (stack: Stack) => Promise<Parameters<PgDialect["sqlToQuery"]>[0]>,
): Case => ({
  title,
  async analyze({ stack, analyzer }, repetitions) {
    const { sql, params } = new PgDialect().sqlToQuery(await statement(stack));
    return [await analyzer.analyze([{ text: sql, params }], repetitions)];
  },
});

async function insertLeasedEmail({ sql }: Stack): Promise<string> {
  const id = uuidv7();
  await sql(
    `insert into outbox (id, kind, recipient, due_at, expires_at)
     values ($1, 'already-registered', 'ada@example.com', now() + interval '1 hour', now() + interval '1 day')`,
    [id],
  );
  return id;
}

const search = (title: string, term: (names: string[], email: string) => string): Case => ({
  ...requestCase(operationById("listUsers"), `search for ${title}`, async (prepared, stack) => {
    const { email, names } = await existingUser(stack);
    return withQuery(`q=${encodeURIComponent(term(names, email))}`)(prepared, stack);
  }),
  maxRows: maxSearchedRows,
});

/**
 * Searches and filters, whose cost depends on the rows that they find or pass, and orders other than that of creation, in
 * which each row may be on another page.
 */
export const searches: readonly Case[] = [
  search("a whole email", (_, email) => email),
  search("first and last name", (names) => names.join(" ")),
  search("a first name", ([first = ""]) => first),
  search("text in every row", () => "example.com"),
  search("text in no row", () => "nobody here"),
  search("two letters", ([first = ""]) => first.slice(0, 2)),
  search("two letters in no row", () => "zq"),
  ...orderedListCases,
  ...sortCases,
  ...filterCases,
  ...placementFilterCases,
  ...labelCountCases,
  limitsCase,
];

/** The events by one admin or about one user, as many as a busy admin has after years. */
const events = (filter: "actor" | "target"): Case =>
  requestCase(operationById("listAdminEvents"), `by ${filter}`, async (prepared, stack) => {
    const id = await ownerOfMany(stack.sql);
    return combine(withQuery(`${filter}=${id}`), secondPage)(prepared, stack);
  });

/** A new admin is announced to the other admins. */
const newAdmin = requestCase(
  operationById("patchUser"),
  "new admin",
  withJson(async () => ({ role: "admin" })),
);

const acceptsIdempotencyKey = (op: Operation) => "idempotency-key" in (op.headers?.shape ?? {});

export const cases: readonly Case[] = [
  // Each path of a confirmation is in signUpCases.
  ...routes.filter((op) => op.trips > 0 && op.id !== "verifyEmail").map((op) => requestCase(op)),
  ...listCases,
  events("actor"),
  events("target"),
  newAdmin,
  ...signUpCases,
  ...addressCases,
  // Before the cases that write thousands of rows of history, which the statistics do not include yet.
  ...closingCases,
  ...passwordCases,
  ...quotaCases,
  ...batchCases,
  ...labelCases,
  ...feedCases,
  ...projectCases,
  ...sessionCases,
  ...adminSessionCases,
  ...trashCases,
  ...transferCases,
  ...moveCases,
  ...syncCases,
  ...routes
    .filter(acceptsIdempotencyKey)
    .map((op) => requestCase(op, "with a key", withHeader("idempotency-key", uuidv7()))),
  requestCase(
    operationById("refresh"),
    "token reuse",
    afterSql("update sessions set generation = 9 where user_id = $1"),
    { status: 401 },
  ),
  afterResponse("after a response: settle a sent email and claim due ones", async (stack) => {
    const id = await insertLeasedEmail(stack);
    const sent = { id, outcome: "sent", error: null, retrySeconds: 0 } as const;
    const appUrl = String(stack.env["APP_URL"]);
    return recordDeliveries([sent], nothingCharged, { limit: outboxLimits.leasedAfterResponse, appUrl })
      .statement;
  }),
  {
    ...afterResponse("after a response: admit an email", async (stack) => {
      const id = await insertLeasedEmail(stack);
      const windows = emailWindows({ EMAILS_PER_HOUR: 50, EMAILS_PER_DAY: 100 });
      return admitEmails([{ id, isReserved: false, suppressionKeys: ["a key"] }], windows).statement;
    }),
    // Each window reads its buckets of ten minutes, 145 at most, and again once it is spent.
    maxRows: 1_200,
  },
];
