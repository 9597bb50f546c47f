import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { eventsAbout, listEvents } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin", name: "Grace Hopper" });
});
afterAll(() => stack.stop());

const path = ({ id }: { id: string }) => `/api/admin/users/${id}`;
const patch = (person: { id: string }, change: object, headers: Record<string, string> = {}) =>
  admin.client.send("PATCH", path(person), { token: admin.token, json: change, headers });
const remove = (person: { id: string }) => admin.client.delete(path(person), { token: admin.token });

const banTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

describe("PATCH /api/admin/users/{id}", () => {
  // @proof admin-changes-recorded
  test.each([
    ["promoted", {}, { role: "admin" }, { role: "user" }, { role: "admin" }],
    ["demoted", { role: "admin" }, { role: "user" }, { role: "admin" }, { role: "user" }],
    ["banned", {}, { banned: true }, { bannedAt: null }, { bannedAt: banTime }],
    ["unbanned", { isBanned: true }, { banned: false }, { bannedAt: banTime }, { bannedAt: null }],
  ] as const)(
    "records who %s a user, what changed, and the id of the request",
    async (action, traits, change, before, after) => {
      const person = await seedUser(stack, traits);
      const requestId = `request-of-${action}`;
      const startedAt = Date.now();
      await patch(person, change, { "x-request-id": requestId });
      const events = await eventsAbout(admin, person);
      expect(events).toEqual([
        {
          id: expect.any(String),
          actor: { id: admin.id, name: "Grace Hopper" },
          target: { id: person.id, name: person.name },
          action,
          before,
          after,
          requestId,
          createdAt: expect.any(String),
        },
      ]);
      const ageMs = Date.parse(String(events[0]?.createdAt)) - startedAt;
      expect(ageMs).toBeGreaterThan(-5_000);
      expect(ageMs).toBeLessThan(60_000);
    },
  );

  test("records two events, the role first, for a change of role and ban", async () => {
    const person = await seedUser(stack);
    for (let round = 0; round < 10; round += 1) {
      const isOdd = round % 2 === 1;
      await patch(person, { role: isOdd ? "user" : "admin", banned: !isOdd });
    }
    const actions = (await eventsAbout(admin, person)).reverse().map(({ action }) => action);
    const round = ["promoted", "banned", "demoted", "unbanned"];
    expect(actions).toEqual([round, round, round, round, round].flat());
  });

  test("records nothing for a change that changes nothing, also when it is repeated", async () => {
    const person = await seedUser(stack);
    await patch(person, {});
    await patch(person, { role: "user", banned: false });
    expect(await eventsAbout(admin, person)).toEqual([]);
    for (let i = 0; i < 3; i += 1) await patch(person, { banned: true });
    expect(await eventsAbout(admin, person)).toHaveLength(1);
    await patch(person, { role: "admin", banned: true });
    expect((await eventsAbout(admin, person)).map(({ action }) => action)).toEqual(["promoted", "banned"]);
  });

  test("records nothing for a user who is not an admin, an unknown id and invalid input", async () => {
    const person = await seedUser(stack);
    const intruder = await seedUser(stack);
    const before = await stack.sql("select id from admin_events order by id");
    const { client, token } = intruder;
    expect((await client.patch(path(person), { banned: true }, { token })).code).toBe("forbidden");
    expect((await client.delete(path(person), { token })).code).toBe("forbidden");
    expect((await patch(person, { role: "owner" })).code).toBe("invalid-request");
    expect((await remove({ id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" })).code).toBe("not-found");
    expect(await stack.sql("select id from admin_events order by id")).toEqual(before);
  });

  test("records nothing when it refuses to remove the last admin", async () => {
    const own = await startStack();
    try {
      const last = await seedUser(own, { role: "admin" });
      const { client, token } = last;
      for (const change of [{ role: "user" }, { banned: true }, { role: "user", banned: true }])
        expect((await client.patch(path(last), change, { token })).code).toBe("last-admin");
      expect((await client.delete(path(last), { token })).code).toBe("last-admin");
      expect(await own.sql("select id from admin_events")).toEqual([]);
      expect(await own.sql("select id from outbox")).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});

describe("DELETE /api/admin/users/{id}", () => {
  test("records the role and the ban of the deleted user, once", async () => {
    const person = await seedUser(stack, { role: "admin", isBanned: true });
    expect((await remove(person)).status).toBe(204);
    expect((await remove(person)).code).toBe("not-found");
    expect(await eventsAbout(admin, person)).toMatchObject([
      { action: "deleted", before: { role: "admin", bannedAt: banTime }, after: null },
    ]);
  });

  // @proof events-survive-deletion
  test("keeps the events by and about the deleted user, without name and address", async () => {
    const [actor, person] = [
      await seedUser(stack, { role: "admin", name: "Unforgettable Actor" }),
      await seedUser(stack, { name: "Unforgettable Person" }),
    ];
    await actor.client.patch(path(person), { role: "admin" }, { token: actor.token });
    await remove(person);
    await remove(actor);
    expect(await eventsAbout(admin, person)).toMatchObject([
      { action: "deleted", actor: { name: "Grace Hopper" } },
      { action: "promoted", actor: { id: actor.id, name: null }, target: { id: person.id, name: null } },
    ]);
    const [row] = await stack.sql("select jsonb_agg(e)::text as text from admin_events as e");
    for (const secret of ["Unforgettable", actor.email, person.email])
      expect(String(row?.["text"])).not.toContain(secret);
  });
});

describe("admin_events", () => {
  // @proof events-append-only
  test("refuses every update, and every deletion before the retention is over", async () => {
    const person = await seedUser(stack);
    await patch(person, { banned: true });
    const [event] = await eventsAbout(admin, person);
    const statements = [
      "update admin_events set action = 'unbanned' where id = $1",
      "update admin_events set created_at = now() - interval '2 years' where id = $1",
      "delete from admin_events where id = $1",
    ];
    for (const statement of statements)
      await expect(stack.sql(statement, [event?.id]), statement).rejects.toThrow("append-only");
    expect(await eventsAbout(admin, person)).toEqual([event]);
  });

  test("refuses updates of an event past its retention too", async () => {
    const { id } = await seedUser(stack);
    await stack.sql(
      `insert into admin_events (id, target_id, action, created_at)
       values (gen_random_uuid(), $1, 'banned', now() - interval '10 years')`,
      [id],
    );
    const update = stack.sql("update admin_events set action = 'unbanned' where target_id = $1", [id]);
    await expect(update).rejects.toThrow("append-only");
    await stack.sql("delete from admin_events where target_id = $1", [id]);
    expect(await eventsAbout(admin, { id })).toEqual([]);
  });

  test("has ids that are UUIDv7 of the time of the change", async () => {
    const person = await seedUser(stack);
    // Its position is 0; an event at position 1 has the id of a microsecond later, which may be the next millisecond.
    await patch(person, { role: "admin" });
    const [event] = await eventsAbout(admin, person);
    const { id = "", createdAt = "" } = event ?? {};
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.parse(createdAt));
  });
});

describe("GET /api/admin/events", () => {
  test("lists the newest event first, page by page, each event once", async () => {
    const person = await seedUser(stack);
    for (const banned of [true, false, true, false, true]) await patch(person, { banned });
    const all = await eventsAbout(admin, person);
    const newestFirst = ["banned", "unbanned", "banned", "unbanned", "banned"];
    expect(all.map(({ action }) => action)).toEqual(newestFirst);
    for (const limit of ["1", "2", "5"]) {
      const found = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const query = { target: person.id, limit, ...(cursor ? { cursor } : {}) };
        const page = (await listEvents(admin, query)).json;
        found.push(...page.data);
        cursor = page.nextCursor as string | null;
      }
      expect(found).toEqual(all);
    }
  });

  test("filters by actor, by target, and by both", async () => {
    const [actor, one, other] = [
      await seedUser(stack, { role: "admin" }),
      await seedUser(stack),
      await seedUser(stack),
    ];
    for (const person of [one, other])
      await actor.client.patch(path(person), { banned: true }, { token: actor.token });
    await patch(one, { banned: false });
    const targetsOf = async (query: Record<string, string>) =>
      (await listEvents(admin, query)).json.data.map(({ target }: { target: TestUser }) => target.id);
    expect(await targetsOf({ actor: actor.id })).toEqual([other.id, one.id]);
    expect(await targetsOf({ target: one.id })).toEqual([one.id, one.id]);
    expect(await targetsOf({ actor: actor.id, target: one.id })).toEqual([one.id]);
    expect(await targetsOf({ actor: one.id })).toEqual([]);
    expect((await targetsOf({})).slice(0, 3)).toEqual([one.id, other.id, one.id]);
  });

  test("shows the names that people have now", async () => {
    const person = await seedUser(stack, { name: "Old name" });
    await patch(person, { banned: true });
    await stack.sql("update users set name = 'New name' where id = $1", [person.id]);
    expect(await eventsAbout(admin, person)).toMatchObject([{ target: { name: "New name" } }]);
  });

  test("shows an action of a newer release", async () => {
    const person = await seedUser(stack);
    await stack.sql(
      `insert into admin_events (id, target_id, action, before)
       values (gen_random_uuid(), $1, 'renamed', '{"colour": "red"}')`,
      [person.id],
    );
    expect(await eventsAbout(admin, person)).toMatchObject([{ action: "renamed", actor: null }]);
  });

  test("rejects a cursor of another filter", async () => {
    const person = await seedUser(stack);
    for (const banned of [true, false]) await patch(person, { banned });
    const query = { target: person.id, limit: "1" };
    const cursor = String((await listEvents(admin, query)).json.nextCursor);
    expect((await listEvents(admin, { ...query, cursor })).json.data).toHaveLength(1);
    for (const other of [
      {},
      { actor: person.id },
      { actor: admin.id, target: person.id },
      { target: admin.id },
    ])
      expect((await listEvents(admin, { ...other, cursor })).code).toBe("invalid-cursor");
  });

  test.each([
    ["actor", "me"],
    ["target", ""],
    ["action", "banned"],
  ])("rejects %s=%s", async (parameter, value) => {
    const response = await listEvents(admin, { [parameter]: value });
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toEqual([{ parameter, message: expect.any(String) }]);
  });
});
