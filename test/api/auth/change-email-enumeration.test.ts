import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { requestChange } from "./address-changes.js";
import { type AddressKind, addressKinds } from "./address-kinds.js";
import { countRows, startCounting } from "./row-counts.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const requests = budgets.emailChangesByUser.burst;

/** Everything that the caller sees, and the rows that change. */
async function observe(kind: AddressKind) {
  const caller = await seedUser(stack);
  const email = await addressKinds[kind](stack);
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
  test.each(Object.keys(addressKinds).slice(1) as AddressKind[])(
    "sees the same of %s as of a free one",
    async (kind) => {
      const free = await observe("a free address");
      expect(free.responses.map(({ status }) => status)).toEqual(Array(requests).fill(202));
      expect(free.rows.added).toMatchObject({ links: requests, outbox: 2 * requests });
      expect(await observe(kind)).toEqual(free);
    },
  );
});
