import { PgDialect } from "drizzle-orm/pg-core";
import { uuidv7 } from "uuidv7";
import type { Operation } from "../../lib/contract.js";
import { outboxLimits } from "../../lib/mail/limits.js";
import { settleAndClaim } from "../../lib/mail/queries.js";
import { routes } from "../../lib/routes.js";
import { perform, prepare, successOf } from "../api/structure/prepared.js";
import type { Stack } from "../stack/stack.js";
import {
  afterSql,
  both,
  byOwnerOfMany,
  type Change,
  json,
  knownAddress,
  query,
  secondPage,
  somebody,
} from "./changes.js";
import type { ExaminedStack } from "./examined-stack.js";
import type { Examined } from "./examiner.js";
import { mostSearchedRows } from "./excess.js";

/** One request in one of its ways, or what happens after its answer. */
export type Case = {
  title: string;
  /** Rows of one table that it may read, where it is more than usual. */
  mostRows?: number;
  examine(on: ExaminedStack, repetitions: number): Promise<Examined[]>;
};

function requestCase(op: Operation, way = "", change: Change = (same) => same, status = successOf(op)): Case {
  const title = way ? `${op.id}: ${way}` : op.id;
  return {
    title,
    async examine({ stack, examineTrips }, repetitions) {
      const prepared = await change(await prepare(op, stack), stack);
      const [answer, trips] = await examineTrips(op.trips, repetitions, () => perform(op, prepared));
      if (answer.status !== status) throw new Error(`${title}: ${answer.status} ${answer.text}`);
      if (trips.length !== op.trips) throw new Error(`${title}: ${trips.length} trips`);
      return trips;
    },
  };
}

function way(id: string, title: string, change: Change, status?: number): Case {
  const op = routes.find((route) => route.id === id);
  if (!op) throw new Error(`no operation ${id}`);
  return requestCase(op, title, change, status);
}

/** What the function does once its answer is sent. */
const afterAnswer = (
  title: string,
  statement: (stack: Stack) => Promise<Parameters<PgDialect["sqlToQuery"]>[0]>,
): Case => ({
  title,
  async examine({ stack, examiner }, repetitions) {
    const { sql, params } = new PgDialect().sqlToQuery(await statement(stack));
    return [await examiner.examine([{ text: sql, params }], repetitions)];
  },
});

async function mailOnItsWay({ sql }: Stack): Promise<string> {
  const id = uuidv7();
  await sql(
    `insert into outbox (id, kind, recipient, due_at, expires_at)
     values ($1, 'already-registered', 'somebody@example.com', now() + interval '1 hour', now() + interval '1 day')`,
    [id],
  );
  return id;
}

const search = (title: string, wanted: (words: string[], email: string) => string): Case => ({
  ...way("listUsers", `search for ${title}`, async (prepared, stack) => {
    const { email, words } = await somebody(stack);
    return query(`q=${encodeURIComponent(wanted(words, email))}`)(prepared, stack);
  }),
  mostRows: mostSearchedRows,
});

/** Searches, whose cost depends on how many rows have what they look for. */
export const searches: readonly Case[] = [
  search("a whole address", (_, email) => email),
  search("first and last name", (words) => words.join(" ")),
  search("a first name", ([first = ""]) => first),
  search("what everybody has", () => "example.com"),
  search("what nobody has", () => "nobody here"),
  search("two letters", ([first = ""]) => first.slice(0, 2)),
  search("two letters that nobody has", () => "zq"),
];

export const cases: readonly Case[] = [
  ...routes.filter((op) => op.trips > 0).map((op) => requestCase(op)),
  way("register", "an address that is known", json(knownAddress)),
  way(
    "forgotPassword",
    "an address that is unknown",
    json(async () => ({ email: "nobody@example.org" })),
  ),
  way(
    "refresh",
    "a token that was used up",
    afterSql("update sessions set generation = 9 where user_id = $1"),
    401,
  ),
  way("listTasks", "of many", byOwnerOfMany),
  way("listTasks", "of many, second page", both(byOwnerOfMany, secondPage)),
  way("listTasks", "of many, by status", both(byOwnerOfMany, query("status=done"))),
  way(
    "listTasks",
    "of many, by status, second page",
    both(byOwnerOfMany, query("status=done&limit=2"), secondPage),
  ),
  way("createTask", "with a key", ({ options, ...rest }) => ({
    ...rest,
    options: { ...options, headers: { "idempotency-key": uuidv7() } },
  })),
  way("listUsers", "second page", secondPage),
  way("listUsers", "by role", query("role=admin")),
  afterAnswer("after an answer: a mail that was sent, and mails that are due", async (stack) => {
    const sent = { id: await mailOnItsWay(stack), outcome: "sent", error: null, retrySeconds: 0 } as const;
    return settleAndClaim([sent], outboxLimits.claimedAfterAnswer).statement;
  }),
];
