import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { isAfterResponse } from "../mail/after-response.js";
import { loggedTrips } from "./logged-trips.js";
import { methodOf, sendRequest, successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** The round trips that the local Neon endpoint received, without those after the response. */
async function countedTrips(): Promise<number> {
  const { requests, recent } = await stack.neon.stats(stack.databaseName);
  expect(recent).toHaveLength(requests);
  return recent.filter((texts) => !isAfterResponse(texts)).length;
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
    const request = await (longestRequests[op.id] ?? validRequest)(op, stack);
    // The work after an earlier response makes round trips too.
    await stack.waitUntilIdle();
    await stack.neon.reset(stack.databaseName);
    const response = await sendRequest(op, request);
    expect(response.status).toBe(successStatusOf(op));
    expect(await countedTrips()).toBe(op.trips);
    expect(await loggedTrips(response, stack)).toBe(op.trips);
  });
});

test("only operations that verify a password or charge a mailbox by user id make two round trips, only those that complete recurring tasks may make more, and only those without DATABASE_URL make zero", () => {
  const withTrips = (count: number) => routes.filter((op) => op.trips === count).map(({ id }) => id);
  const needsDatabase = (op: Operation) => op.env.includes("DATABASE_URL");
  expect(withTrips(2)).toEqual(["verifyEmail", "login", "stepUp", "changePassword", "startPasswordReset"]);
  expect(routes.filter((op) => op.mostTrips).map(({ id }) => id)).toEqual([
    "batchTasks",
    "putTask",
    "patchTask",
  ]);
  expect(withTrips(0)).toEqual(routes.filter((op) => !needsDatabase(op)).map(({ id }) => id));
});
