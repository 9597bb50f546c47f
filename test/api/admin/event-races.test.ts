import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { runWhileBlocked } from "../auth/row-locks.js";
import { eventsAbout } from "./admin-events.js";

describe.skipIf(!hasPostgres())("concurrent PATCH /api/admin/users/{id}, on a real Postgres", () => {
  let stack: Stack;
  let admins: [TestUser, TestUser];
  beforeAll(async () => {
    stack = await startStack();
    admins = [await seedUser(stack, { role: "admin" }), await seedUser(stack, { role: "admin" })];
  });
  afterAll(() => stack.stop());

  const send = (i: number, person: TestUser, change: object) => {
    const by = admins[i % 2 === 0 ? 0 : 1];
    return by.client.patch(`/api/admin/users/${person.id}`, change, { token: by.token });
  };
  const countNotices = async ({ id }: TestUser, kind: string) =>
    (await stack.sql("select id from outbox where user_id = $1 and kind = $2", [id, kind])).length;

  test("records one event and sends one email when fifty requests make the same change", async () => {
    const person = await seedUser(stack);
    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, i) => send(i, person, { banned: true })),
    );
    // They wait for each other, so a slow machine may let some reach their deadline. That is a fault, not an effect.
    const outcomes = new Set(responses.map(({ code, status }) => code ?? status));
    outcomes.delete("database-unavailable");
    expect([...outcomes]).toEqual([200]);
    expect(await eventsAbout(admins[0], person)).toHaveLength(1);
    expect(await countNotices(person, "banned")).toBe(1);
  });

  test("lists a change after one that began later, and overtook it", async () => {
    const [person, slow, fast] = [
      await seedUser(stack),
      await seedUser(stack, { role: "admin" }),
      await seedUser(stack, { role: "admin" }),
    ];
    const change = (by: TestUser, role: string) =>
      by.client.patch(`/api/admin/users/${person.id}`, { role }, { token: by.token });
    // From now on, the write budget of the slow admin has a row, which the next write waits for.
    await change(slow, "user");
    const overtaken = await runWhileBlocked(
      stack,
      "select from throttle for update",
      () => change(slow, "user"),
      () => change(fast, "admin"),
    );
    expect(overtaken.status).toBe(200);
    const actions = (await eventsAbout(slow, person)).map(({ action, actor }) => [action, actor?.id]);
    expect(actions).toEqual([
      ["demoted", slow.id],
      ["promoted", fast.id],
    ]);
  });

  // @proof events-in-order-of-changes
  test("lists the events of two admins in the order of the changes, one per change", async () => {
    const person = await seedUser(stack);
    const attempts = Array.from({ length: 60 }, (_, i) => i);
    await pLimit(8).map(attempts, (i) => send(i, person, { role: i % 3 === 0 ? "admin" : "user" }));
    const events = (await eventsAbout(admins[0], person)).reverse();
    expect(events.length).toBeGreaterThan(2);
    let role: string | undefined = "user";
    for (const { before, after, actor } of events) {
      expect(before).toEqual({ role });
      expect(after?.role).not.toBe(role);
      expect(admins.map(({ id }) => id)).toContain(actor?.id);
      role = after?.role;
    }
    const [row] = await stack.sql("select role from users where id = $1", [person.id]);
    expect(row?.["role"]).toBe(role);
    expect(await countNotices(person, "promoted")).toBe(
      events.filter(({ action }) => action === "promoted").length,
    );
  });
});
