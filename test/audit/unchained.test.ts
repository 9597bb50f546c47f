import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { auditOf, daysAgo, recordEvent } from "./chained-events.js";

let stack: Stack;
let owner: string;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.sql("truncate users, admin_events, event_chains cascade");
  owner = (await seedUser(stack)).id;
});

/** Inserts an event as a release without chains does. */
async function insertUnchained(createdAt: Date): Promise<string> {
  const id = uuidv7();
  await stack.sql(
    "insert into security_events (id, user_id, kind, created_at) values ($1, $2, 'login', $3)",
    [id, owner, createdAt],
  );
  return id;
}

describe("verifyAudit, events without a MAC", () => {
  test("accepts and counts them in a database that has no chain yet", async () => {
    await insertUnchained(new Date());
    expect(await auditOf(stack)).toEqual({ faults: [], chained: 0, unchained: 1 });
  });

  // @proof unchained-event-found
  test("accepts them until one day after the first event of a chain, and names the first later one", async () => {
    await recordEvent(stack, "admin", owner, daysAgo(10));
    for (const days of [11, 9.1]) await insertUnchained(daysAgo(days));
    expect(await auditOf(stack)).toEqual({ faults: [], chained: 1, unchained: 2 });
    const id = await insertUnchained(daysAgo(8.9));
    await insertUnchained(daysAgo(8));
    expect((await auditOf(stack)).faults).toEqual([
      `The security event ${id} of account ${owner} has no MAC: it was inserted.`,
    ]);
  });

  test("accepts them until the time that the operator names", async () => {
    await recordEvent(stack, "security", owner, daysAgo(10));
    await insertUnchained(daysAgo(5));
    expect((await auditOf(stack, { unchainedUntil: daysAgo(6) })).faults).toHaveLength(1);
    expect((await auditOf(stack, { unchainedUntil: daysAgo(4) })).faults).toEqual([]);
  });
});
