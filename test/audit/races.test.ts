import { sql } from "drizzle-orm";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Charge } from "../../db/charge.js";
import { eventChainNames } from "../../db/schema/event-chains.js";
import { eventRetentionDays } from "../../lib/audit/retention.js";
import { rotateSession } from "../../lib/auth/queries/rotation.js";
import { newEvent } from "../../lib/auth/queries/security-events.js";
import { insertSession } from "../../lib/auth/queries/sessions.js";
import { runCron } from "../api/mail/outbox-rows.js";
import { authEnv, seedUser } from "../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../stack/stack.js";
import { auditOf, databaseOf, daysAgo, recordEvent, ringOf } from "./chained-events.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.waitUntilIdle();
  await stack.sql("truncate users, admin_events, event_chains cascade");
});

const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

const noCharge: Charge = {
  statement: sql`select`,
  refusal: (spent) => spent,
  undo: () => undefined,
};

async function countDeadlocks(): Promise<number> {
  const [row] = await stack.sql(
    "select deadlocks::int as count from pg_stat_database where datname = current_database()",
  );
  return Number(row?.["count"]);
}

describe.skipIf(!hasPostgres())("concurrent events of one account", () => {
  // @proof concurrent-events-chained
  test.each(eventChainNames)("form one gapless chain of 50 %s events", async (chain) => {
    const { id } = await seedUser(stack);
    await times(50, () => recordEvent(stack, chain, id));
    expect(await auditOf(stack)).toEqual({ faults: [], chained: 50, unchained: 0 });
    const [head] = await stack.sql("select seq from event_chains");
    expect(head).toEqual({ seq: 50 });
  });

  test("form one chain while sign-ins end the sessions whose tokens are reused, without a deadlock", async () => {
    const { id: userId } = await seedUser(stack);
    const before = await countDeadlocks();
    const sessions = await stack.sql(
      `insert into sessions (id, user_id, epoch, generation, presented_generation, idle_expires_at, expires_at)
       select gen_random_uuid(), $1, 0, 5, 4, now() + interval '1 day', now() + interval '2 days'
         from generate_series(1, 15) returning id::text`,
      [userId],
    );
    await times(30, async (index) => {
      const sessionId = String(sessions[index % 15]?.["id"]);
      const event = newEvent(ringOf(stack), new Headers(), authEnv(stack));
      const reuse = rotateSession({ sessionId, generation: 1 }, event, authEnv(stack).APP_URL);
      const start = { sessionId: uuidv7(), event, replacedSessionId: sessionId };
      const signIn = {
        ...start,
        userId,
        verifiedEpoch: 0,
        newHash: null,
        notice: null,
        refunds: [],
        charge: noCharge,
      };
      return index < 15
        ? databaseOf(stack).exactlyOne(reuse)
        : databaseOf(stack).exactlyOne(insertSession(signIn));
    });
    const { faults, chained } = await auditOf(stack);
    expect(faults).toEqual([]);
    expect(chained).toBeGreaterThanOrEqual(15);
    expect(await countDeadlocks()).toBe(before);
  });

  test("survive the purge of earlier ones, run by several crons", async () => {
    const people = await times(5, () => seedUser(stack));
    for (const { id } of people)
      for (let i = 0; i < 4; i += 1)
        await recordEvent(stack, "security", id, daysAgo(eventRetentionDays + 1));
    const before = await countDeadlocks();
    await Promise.all([
      ...people.map(({ id }) => times(10, () => recordEvent(stack, "security", id))),
      times(4, () => runCron(stack)),
    ]);
    await stack.waitUntilIdle();
    await runCron(stack);
    await stack.waitUntilIdle();
    expect(await auditOf(stack)).toEqual({ faults: [], chained: 50, unchained: 0 });
    expect(await countDeadlocks()).toBe(before);
  });
});
