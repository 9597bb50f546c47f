import { PgDialect } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../../lib/contract.js";
import { recordDeliveries } from "../../../lib/mail/queries.js";
import { routes } from "../../../lib/routes.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { startStack } from "../../stack/stack.js";
import { produce, testableOutcomes, unsetVariables } from "./outcomes.js";
import type { Stacks } from "./scenarios.js";
import { methodOf, sendRequest, successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

let stacks: Stacks;
beforeAll(async () => {
  const [stack, unconfigured] = await Promise.all([startStack(), startStack({ env: unsetVariables })]);
  stacks = { stack, unconfigured };
});
afterAll(() => Promise.all([stacks.stack.stop(), stacks.unconfigured.stop()]));

/** The round trips that the log line of the request states. */
async function loggedTrips(response: ApiResponse): Promise<number> {
  const id = response.headers.get("x-request-id");
  const isItsLine = (line: { request_id?: string; msg: string }) =>
    line.request_id === id && line.msg === "request";
  const line = await Promise.race([
    stacks.stack.waitForLog(isItsLine),
    stacks.unconfigured.waitForLog(isItsLine),
  ]);
  return Number(line["db_calls"]);
}

const sentAfterResponse = new PgDialect().sqlToQuery(recordDeliveries([], 1).statement).sql;

/** The round trips that the local Neon endpoint received, without those of the email sender after the response. */
async function countedTrips(): Promise<number> {
  const { requests, recent } = await stacks.stack.neon.stats(stacks.stack.databaseName);
  expect(recent).toHaveLength(requests);
  return recent.filter((texts) => !texts.every((text) => text === sentAfterResponse)).length;
}

/** Requests whose path is longer than that of the valid request, by operation id. */
const longestRequests: Record<string, typeof validRequest> = {
  // The address has an account, so the password is verified between two round trips.
  async verifyEmail(op, stack) {
    const { email, password } = await seedUser(stack);
    const { token } = await seedRegistration(stack, { email });
    return { client: stack.client(), path: op.path, options: { json: { token, password } } };
  },
};

const titled = testableRoutes.map((op) => [methodOf(op), op.path, op] as const);

describe.each(titled)("%s %s", (_, __, op) => {
  test(`makes ${op.trips} database round trip${op.trips === 1 ? "" : "s"} when it succeeds`, async () => {
    const { stack } = stacks;
    const request = await (longestRequests[op.id] ?? validRequest)(op, stack);
    await stack.neon.reset(stack.databaseName);
    const response = await sendRequest(op, request);
    expect(response.status).toBe(successStatusOf(op));
    expect(await countedTrips()).toBe(op.trips);
    expect(await loggedTrips(response)).toBe(op.trips);
  });

  const failures = testableOutcomes(op).filter((outcome) => outcome !== String(successStatusOf(op)));
  if (failures.length > 0) {
    test("makes no more round trips when it fails", async () => {
      for (const outcome of failures) {
        const trips = await loggedTrips(await produce(op, outcome, stacks));
        // A failed read is retried once.
        const most = outcome === "database-unavailable" ? op.trips + 1 : op.trips;
        expect(trips, outcome).toBeLessThanOrEqual(most);
      }
    });
  }
});

test("only sign-ins make two round trips, and only operations without DATABASE_URL make zero", () => {
  const withTrips = (count: number) => routes.filter((op) => op.trips === count).map(({ id }) => id);
  const needsDatabase = (op: Operation) => op.env.includes("DATABASE_URL");
  expect(withTrips(2)).toEqual(["verifyEmail", "login"]);
  expect(withTrips(0)).toEqual(routes.filter((op) => !needsDatabase(op)).map(({ id }) => id));
});
