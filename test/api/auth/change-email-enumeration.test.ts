import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { seedPreviousAddress, seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { newEmail } from "../../stack/users.js";
import { requestChange } from "./address-changes.js";
import { countRows, startCounting } from "./row-counts.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const requests = budgets.emailChangesByUser.burst;

/** The address that a caller asks for. */
const addresses = {
  free: async () => newEmail(),
  "waiting in a sign-up": async () => (await seedRegistration(stack)).email,
  "of another account": async () => (await seedUser(stack)).email,
  "of a banned account": async () => (await seedUser(stack, { isBanned: true })).email,
  "of another account until today": async () => {
    const { id, email } = await seedUser(stack);
    await seedPreviousAddress(stack, id, email);
    return email;
  },
};

/** Everything that the caller sees, and the rows that change. */
async function observe(address: keyof typeof addresses) {
  const caller = await seedUser(stack);
  const email = await addresses[address]();
  const counting = await startCounting(stack);
  const responses = [];
  for (let i = 0; i < requests; i += 1) {
    const { status, text, headers } = await requestChange(caller, email);
    responses.push({ status, text, trips: headers.get("server-timing")?.split("desc=")[1] });
  }
  return { responses, rows: await countRows(stack, counting) };
}

describe("a caller of POST /api/auth/change-email", () => {
  // @proof change-email-reveals-no-account
  test.each(Object.keys(addresses).slice(1) as (keyof typeof addresses)[])(
    "sees the same of an address %s as of a free one",
    async (address) => {
      const free = await observe("free");
      expect(free.responses.map(({ status }) => status)).toEqual(Array(requests).fill(202));
      expect(free.rows.added).toMatchObject({ links: requests, outbox: 2 * requests });
      expect(await observe(address)).toEqual(free);
    },
  );
});
