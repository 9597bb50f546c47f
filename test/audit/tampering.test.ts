import { type Column, getTableColumns } from "drizzle-orm";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { adminEvents } from "../../db/schema/admin-events.js";
import { eventChainNames } from "../../db/schema/event-chains.js";
import { securityEvents } from "../../db/schema/security-events.js";
import { eventName } from "../../lib/audit/check-chain.js";
import { chainedTables } from "../../lib/audit/queries/chained-tables.js";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { auditOf, daysAgo, recordEvent, recordEvents, tamper } from "./chained-events.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
// A damaged chain stays damaged.
beforeEach(async () => {
  await stack.sql("truncate users, admin_events, event_chains cascade");
});

const faults = async () => (await auditOf(stack)).faults;

describe.each(eventChainNames)("verifyAudit, %s events", (chain) => {
  const { account } = chainedTables[chain];
  const rows = `${chain}_events`;
  const name = (owner: string, seq: number) => eventName(chain, owner, seq);
  const person = async () => (await seedUser(stack)).id;

  test("finds no fault in chains that nobody touched", async () => {
    for (const count of [1, 3]) await recordEvents(stack, chain, await person(), count);
    expect(await auditOf(stack)).toEqual({ faults: [], chained: 4, unchained: 0 });
  });

  const columns: Column[] = Object.values(getTableColumns(chain === "admin" ? adminEvents : securityEvents));
  const otherValues: Record<string, string> = {
    PgUUID: "gen_random_uuid()",
    PgText: "'changed'",
    PgTimestamp: "created_at + interval '1 microsecond'",
    PgJsonb: `'{"role": "admin"}'`,
    PgInteger: "seq + 10",
  };
  // @proof changed-event-found
  test.each(columns.map((column) => [column.name, column.columnType]))(
    "names the event whose %s was changed",
    async (column, type) => {
      const owner = await person();
      const other = await person();
      const [, id] = await recordEvents(stack, chain, owner, 3);
      const value = column === account ? `'${other}'` : otherValues[type];
      await tamper(stack, `update ${rows} set ${column} = ${value} where id = $1`, [id]);
      const [fault] = await faults();
      expect(fault).toMatch(/was (changed|removed|inserted|changed or inserted)\.$/);
    },
  );
  test("names the event of which a column was emptied", async () => {
    const owner = await person();
    const [, id] = await recordEvents(stack, chain, owner, 3);
    const column = chain === "admin" ? "before" : "place";
    await tamper(stack, `update ${rows} set ${column} = null where id = $1`, [id]);
    expect(await faults()).toEqual([`${name(owner, 2)} (id ${id}) was changed or inserted.`]);
  });

  // @proof removed-event-found
  test.each([
    ["first", 1],
    ["middle", 2],
    ["last", 3],
  ])("names the %s event when it was removed", async (_which, seq) => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3);
    await tamper(stack, `delete from ${rows} where seq = $1`, [seq]);
    expect(await faults()).toEqual([`${name(owner, seq)} was removed.`]);
  });

  test("names the chain that lost all events", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3);
    await tamper(stack, `delete from ${rows}`);
    expect(await faults()).toEqual([`${name(owner, 3)} was removed, and so was every event before it.`]);
  });

  const copyOf = (id: string, changes: Record<string, string>) => {
    const names = columns.map((column) => column.name);
    const values = names.map((column) => changes[column] ?? column);
    return tamper(
      stack,
      `insert into ${rows} (${names.join(", ")}) select ${values.join(", ")} from ${rows} where id = $1`,
      [id],
    );
  };
  // @proof inserted-event-found
  test.each([
    ["a copied MAC", {}],
    ["a made-up MAC", { mac: "left(mac, -4) || '0000'" }],
    ["no MAC", { mac: "null" }],
  ])(
    "names an event that was inserted at the end with %s",
    async (_what, changes: Record<string, string>) => {
      const owner = await person();
      const [, last = ""] = await recordEvents(stack, chain, owner, 2);
      const id = uuidv7();
      await copyOf(last, { id: `'${id}'`, seq: "3", ...changes });
      expect(await faults()).toEqual([`${name(owner, 3)} (id ${id}) was inserted.`]);
    },
  );
  test("names an event that was inserted outside of the chain", async () => {
    const [first = ""] = await recordEvents(stack, chain, await person(), 1);
    await tamper(stack, `update ${rows} set created_at = created_at`);
    const id = uuidv7();
    await copyOf(first, { id: `'${id}'`, seq: "null", mac: "null", created_at: "now() + interval '2 days'" });
    expect(await faults()).toEqual([expect.stringContaining(`event ${id} of account`)]);
  });
  test("names an event that was inserted before the first", async () => {
    const owner = await person();
    const [first = ""] = await recordEvents(stack, chain, owner, 1);
    const id = uuidv7();
    await copyOf(first, { id: `'${id}'`, seq: "0" });
    expect(await faults()).toEqual([`${name(owner, 0)} (id ${id}) was inserted.`]);
  });

  // @proof moved-event-found
  test("names the first of two events that were swapped", async () => {
    const owner = await person();
    const [, two, three] = await recordEvents(stack, chain, owner, 3);
    await tamper(stack, `update ${rows} set seq = 99 where id = $1`, [two]);
    await tamper(stack, `update ${rows} set seq = 2 where id = $1`, [three]);
    await tamper(stack, `update ${rows} set seq = 3 where id = $1`, [two]);
    expect(await faults()).toEqual([`${name(owner, 2)} (id ${three}) was changed or inserted.`]);
  });
  test("names an event that was moved to another account, and the gap that it left", async () => {
    const [from, to] = [await person(), await person()];
    const [, , id] = await recordEvents(stack, chain, from, 3);
    await recordEvents(stack, chain, to, 2);
    await tamper(stack, `update ${rows} set ${account} = $1 where id = $2`, [to, id]);
    expect((await faults()).sort()).toEqual(
      [`${name(from, 3)} was removed.`, `${name(to, 3)} (id ${id}) was inserted.`].sort(),
    );
  });

  // @proof truncation-found
  test.each([
    ["the place of its head", "seq = seq - 1"],
    ["the seal of its head", "seal = left(seal, -4) || '0000'"],
  ])("reveals a change to %s", async (_what, change) => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3);
    await tamper(stack, `update event_chains set ${change}`);
    expect(await faults()).toEqual([`The head of the ${chain} events of account ${owner} was changed.`]);
  });
  test("reveals a head that was removed", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 2);
    await tamper(stack, "delete from event_chains");
    expect(await faults()).toEqual([`The head of the ${chain} events of account ${owner} was removed.`]);
  });
  test("reveals a last event that was removed together with its trace in the head, also after the next event", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 3);
    await tamper(stack, `delete from ${rows} where seq = 3`);
    await tamper(stack, `update event_chains set seq = 2, seal = (select mac from ${rows} where seq = 2)`);
    expect(await faults()).toEqual([`The head of the ${chain} events of account ${owner} was changed.`]);
    const id = await recordEvent(stack, chain, owner);
    expect(await faults()).toEqual([`${name(owner, 3)} (id ${id}) was changed or inserted.`]);
  });
  test("cannot reveal a chain that was restored together with its head", async () => {
    const owner = await person();
    await recordEvents(stack, chain, owner, 2);
    const [head] = await stack.sql("select seq, seal from event_chains");
    await recordEvent(stack, chain, owner);
    await tamper(stack, `delete from ${rows} where seq = 3`);
    await tamper(stack, "update event_chains set seq = $1, seal = $2", [head?.["seq"], head?.["seal"]]);
    expect(await faults()).toEqual([]);
  });

  test("reveals an event whose day is not that of its key", async () => {
    const owner = await person();
    const id = await recordEvent(stack, chain, owner, daysAgo(10));
    expect(await faults()).toEqual([]);
    await tamper(stack, `update ${rows} set created_at = now()`);
    expect(await faults()).toEqual([`${name(owner, 1)} (id ${id}) was changed or inserted.`]);
  });
  test("lists one fault per chain", async () => {
    const owners = [await person(), await person(), await person()];
    for (const owner of owners) await recordEvents(stack, chain, owner, 2);
    await tamper(stack, `delete from ${rows} where seq = 1 and ${account} <> $1`, [owners[1]]);
    expect(await faults()).toHaveLength(2);
  });
});
