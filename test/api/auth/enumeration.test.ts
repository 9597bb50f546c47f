import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { argon2 } from "../../../lib/auth/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { type AddressKind, addressKinds } from "./address-kinds.js";
import { type Attempt, attempts, createProber } from "./prober.js";
import { countRows, startCounting } from "./row-counts.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Kinds of addresses that a caller asks about, the free one first. */
const kinds = [
  "a free address",
  "an address with an open sign-up",
  "the caller's own address",
  "the previous address of an account",
  "the address of an account",
  "the address of a closed account",
  "the address of a closed account whose purge is late",
] as const satisfies readonly (AddressKind | "the caller's own address")[];
type Kind = (typeof kinds)[number];

async function proberOf(kind: Kind) {
  if (kind !== "the caller's own address") return createProber(stack, await addressKinds[kind](stack));
  const { email, client } = await seedUser(stack);
  return createProber(stack, email, client);
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((first) =>
        permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
      );
const orders = permutations(attempts);

/** All that a caller can see of a response, without the values that differ between any two responses. */
function observable({ status, text, headers }: ApiResponse) {
  const perRequest = ["date", "x-request-id", "x-vercel-id", "server-timing"];
  const body = text
    .replace(/"requestId":"[^"]*"/, '"requestId":"…"')
    .replace(/"registration":"[\w-]*"/, (member) => `"registration" of ${member.length}`)
    .replace(/"email":"[^"]*"/, (member) => `"email" of ${member.length}`);
  return {
    status,
    body,
    headers: [...headers].filter(([name]) => !perRequest.includes(name)).sort(),
    trips: headers.get("server-timing")?.split("desc=")[1],
  };
}

/** Four callers at a time, so that their passwords are hashed in time. */
const limit = pLimit(argon2.concurrentHashes);

/** Makes the requests of each order about another address. @returns the responses, and the rows of all orders */
async function observe(kind: Kind, ordersToPlay: Attempt[][]) {
  const probers = await Promise.all(
    ordersToPlay.map(async (order) => ({ order, prober: await proberOf(kind) })),
  );
  const counting = await startCounting(stack);
  const play = async ({ order, prober }: (typeof probers)[number]) => {
    const responses = [];
    for (const attempt of order) responses.push(observable(await prober[attempt]()));
    return { order: order.join(" → "), responses };
  };
  const observations = await Promise.all(probers.map((one) => limit(play, one)));
  return { observations, rows: await countRows(stack, counting) };
}

describe.each(attempts)(
  "a caller who begins with %s and makes every other request, in every order",
  (first) => {
    const ordersFrom = orders.filter(([attempt]) => attempt === first);
    let free: Awaited<ReturnType<typeof observe>>;
    beforeAll(async () => {
      free = await observe("a free address", ordersFrom);
    });

    test("can make each of them of a free address", () => {
      const { observations, rows } = free;
      expect(observations).toHaveLength(24);
      for (const { responses } of observations)
        expect(responses.map(({ status }) => status).sort()).toEqual([202, 202, 202, 401, 422]);
      expect(rows.added).toMatchObject({ registrations: 24, outbox: 72, links: 24, users: 0, sessions: 0 });
    });

    // @proof sequences-reveal-no-account
    test.each(kinds.slice(1))("sees the same of %s: responses, round trips and rows", async (kind) => {
      expect(await observe(kind, ordersFrom)).toEqual(free);
    });
  },
);

describe("a caller who repeats a sign-up with its Idempotency-Key", () => {
  /** The responses to a sign-up, and to its repeats with the same and with another password, after `event`. */
  async function repeatAfter(email: string, event: () => Promise<unknown>) {
    const prober = await createProber(stack, email);
    const first = observable(await prober.register());
    await event();
    const repeat = observable(await prober.register());
    return [first, repeat, observable(await prober.register(goodPassword()))];
  }

  // @proof repeats-reveal-no-confirmation
  test("cannot tell whether the owner has confirmed the address in between", async () => {
    const owner = await seedRegistration(stack);
    const { token, registration } = owner;
    const confirm = () => stack.client().post("/api/auth/verify-email", { token, registration });
    const confirmed = await repeatAfter(owner.email, confirm);
    expect(await stack.sql("select from users where email = $1", [owner.email])).toHaveLength(1);
    expect(confirmed).toEqual(await repeatAfter(newEmail(), async () => {}));
  });
});
