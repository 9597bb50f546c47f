import { PgDialect } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../../lib/contract.js";
import { settleAndClaim } from "../../../lib/mail/queries.js";
import { routes } from "../../../lib/routes.js";
import type { Answer } from "../../stack/client.js";
import { startStack } from "../../stack/stack.js";
import { methodOf, perform, prepare, successOf } from "./prepared.js";
import { type Kitchen, noVariables, outcomesOf, produce } from "./recipes.js";

let kitchen: Kitchen;
beforeAll(async () => {
  const [stack, bare] = await Promise.all([startStack(), startStack({ env: noVariables })]);
  kitchen = { stack, bare };
});
afterAll(() => Promise.all([kitchen.stack.stop(), kitchen.bare.stop()]));

/** As the request's own line tells. */
async function loggedTrips(answer: Answer): Promise<number> {
  const id = answer.headers.get("x-request-id");
  const isItsLine = (line: { request_id?: string; msg: string }) =>
    line.request_id === id && line.msg === "request";
  const line = await Promise.race([kitchen.stack.log(isItsLine), kitchen.bare.log(isItsLine)]);
  return Number(line["db_calls"]);
}

const afterTheAnswer = new PgDialect().sqlToQuery(settleAndClaim([], 1).statement).sql;

/** As the endpoint has counted them, save for what the mails need once the answer is sent. */
async function seenTrips(): Promise<number> {
  const { requests, recent } = await kitchen.stack.neon.stats(kitchen.stack.databaseName);
  expect(recent).toHaveLength(requests);
  return recent.filter((texts) => !texts.every((text) => text === afterTheAnswer)).length;
}

const titled = routes.map((op) => [methodOf(op), op.path, op] as const);

describe.each(titled)("%s %s", (_, __, op) => {
  test(`takes ${op.trips} trips to the database when it succeeds`, async () => {
    const { stack } = kitchen;
    const prepared = await prepare(op, stack);
    await stack.neon.reset(stack.databaseName);
    const answer = await perform(op, prepared);
    expect(answer.status).toBe(successOf(op));
    expect(await seenTrips()).toBe(op.trips);
    expect(await loggedTrips(answer)).toBe(op.trips);
  });

  const failures = outcomesOf(op).filter((outcome) => outcome !== String(successOf(op)));
  if (failures.length > 0) {
    test("takes no more when it fails", async () => {
      for (const outcome of failures) {
        const trips = await loggedTrips(await produce(op, outcome, kitchen));
        // A read that did not get through is tried once more.
        const most = outcome === "database-unavailable" ? op.trips + 1 : op.trips;
        expect(trips, outcome).toBeLessThanOrEqual(most);
      }
    });
  }
});

test("login takes two trips, nothing else more than one, and what needs no database none", () => {
  const withTrips = (count: number) => routes.filter((op) => op.trips === count).map(({ id }) => id);
  const needsDatabase = (op: Operation) => op.needs.includes("DATABASE_URL");
  expect(withTrips(2)).toEqual(["login"]);
  expect(withTrips(0)).toEqual(routes.filter((op) => !needsDatabase(op)).map(({ id }) => id));
});
