import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventChainNames } from "../../db/schema/event-chains.js";
import { auditKey } from "../../lib/audit/audit-key.js";
import { chainedTables } from "../../lib/audit/queries/chained-tables.js";
import { purgeEvents } from "../../lib/audit/queries/purge.js";
import { eventRetentionDays } from "../../lib/audit/retention.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { runCron } from "../api/mail/outbox-rows.js";
import { authEnv, seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { auditOf, daysAgo, recordEvent, recordEvents, tamper } from "./chained-events.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.waitUntilIdle();
  await stack.sql("truncate users, admin_events, event_chains cascade");
});

const expired = () => daysAgo(eventRetentionDays + 1);
const person = async () => (await seedUser(stack)).id;
const intact = (chained: number) => ({ faults: [], chained, unchained: 0 });

/** Purges one batch, as the cron does. */
async function purge(limit: number): Promise<void> {
  const key = auditKey(keyRing(authEnv(stack).AUTH_SECRET));
  const { sql: text, params } = new PgDialect().sqlToQuery(sql`with ${purgeEvents(limit, key)} select`);
  await stack.sql(text, params);
}

describe.each(eventChainNames)("the purge of %s events", (chain) => {
  const rows = `${chain}_events`;
  const account = chainedTables[chain].account;
  const seqs = async (owner: string) =>
    (await stack.sql(`select seq from ${rows} where ${account} = $1 order by seq`, [owner])).map(
      (row) => row["seq"],
    );

  // @proof purge-leaves-checkpoint
  test("leaves a checkpoint, from which the chain still verifies and goes on", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3, expired());
    await recordEvents(stack, chain, owner, 2);
    expect((await runCron(stack)).json.purged).toBe(3);
    expect(await seqs(owner)).toEqual([4, 5]);
    expect(await auditOf(stack)).toEqual(intact(2));
    await recordEvent(stack, chain, owner);
    expect(await seqs(owner)).toEqual([4, 5, 6]);
    expect(await auditOf(stack)).toEqual(intact(3));
  });

  test("ends a chain without events, and a later event starts another", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 2, expired());
    expect((await runCron(stack)).json.purged).toBe(2);
    expect(await stack.sql("select * from event_chains")).toEqual([]);
    await recordEvent(stack, chain, owner);
    expect(await seqs(owner)).toEqual([1]);
    expect(await auditOf(stack)).toEqual(intact(1));
  });

  test("deletes the oldest events of each chain only, also in limited batches", async () => {
    const owners = [await person(), await person(), await person()];
    for (let i = 0; i < 3; i += 1)
      for (const owner of owners) await recordEvent(stack, chain, owner, expired());
    for (const owner of owners) await recordEvent(stack, chain, owner);
    for (let left = 9; left > 0; left -= 2) {
      await purge(2);
      expect((await auditOf(stack)).faults).toEqual([]);
    }
    for (const owner of owners) expect(await seqs(owner)).toEqual([4]);
  });

  test("keeps an expired event while the one before it stays", async () => {
    const owner = await person();
    await recordEvent(stack, chain, owner, daysAgo(eventRetentionDays - 1));
    await recordEvent(stack, chain, owner, expired());
    await recordEvent(stack, chain, owner);
    expect((await runCron(stack)).json.purged).toBe(0);
    expect(await seqs(owner)).toEqual([1, 2, 3]);
  });

  test("keeps what comes after a gap, as evidence", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3, expired());
    await recordEvent(stack, chain, owner);
    await tamper(stack, `delete from ${rows} where seq = 2`);
    await runCron(stack);
    expect(await seqs(owner)).toEqual([3, 4]);
    expect((await auditOf(stack)).faults).toEqual([expect.stringMatching(/event 2 of .* was removed/)]);
  });

  // @proof forged-checkpoint-found
  test("cannot be imitated without the key", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3);
    await tamper(
      stack,
      `update event_chains set purged_seq = 1, purged_seal = seal,
              purged_mac = (select mac from ${rows} where seq = 1)`,
    );
    await tamper(stack, `delete from ${rows} where seq = 1`);
    const changed = `The checkpoint of the ${chain} events of account ${owner} was changed.`;
    expect((await auditOf(stack)).faults).toEqual([changed]);
    await tamper(stack, "update event_chains set purged_seal = null");
    expect((await auditOf(stack)).faults).toEqual([changed]);
  });

  test("does not hide recent events whose times were set back", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3);
    await tamper(stack, `update ${rows} set created_at = $1 where seq < 3`, [expired()]);
    expect((await runCron(stack)).json.purged).toBe(2);
    expect((await auditOf(stack)).faults).toEqual([
      `The checkpoint of the ${chain} events of account ${owner} covers events that were too recent to be purged.`,
    ]);
  });
});
