import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ProblemCode } from "../../../lib/problem.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
// Any other user could be an admin and change which admin is the last.
beforeEach(() => stack.sql("delete from users"));

const lastAdminCode: ProblemCode = "last-admin";

type Action = (by: TestUser, to: TestUser) => Promise<ApiResponse>;

const patch =
  (change: unknown): Action =>
  (by, to) =>
    by.client.patch(`/api/admin/users/${to.id}`, change, { token: by.token });
const actions = {
  "PATCH /api/admin/users/{id} that demotes": patch({ role: "user" }),
  "PATCH /api/admin/users/{id} that bans": patch({ banned: true }),
  "PATCH /api/admin/users/{id} that bans until tomorrow": patch({
    banned: true,
    bannedUntil: new Date(Date.now() + 86_400_000).toISOString(),
  }),
  "PATCH /api/admin/users/{id} that demotes and bans": patch({ role: "user", banned: true }),
  "DELETE /api/admin/users/{id}": (by, to) =>
    by.client.delete(`/api/admin/users/${to.id}`, { token: by.token }),
} satisfies Record<string, Action>;
const actionList = Object.entries(actions);

const newAdmin = () => seedUser(stack, { role: "admin" });
const activeAdmins = async () => {
  const rows = await stack.sql("select id from users where role = 'admin' and banned_at is null");
  return rows.map((row) => row["id"]);
};

describe.each(actionList)("%s", (_, action) => {
  test("returns 409 to the last admin acting on themselves, and changes nothing", async () => {
    const last = await newAdmin();
    await seedUser(stack);
    const before = await stack.sql("select * from users order by id");
    const response = await action(last, last);
    expect(response.code).toBe(lastAdminCode);
    expect(await stack.sql("select * from users order by id")).toEqual(before);
    expect((await last.client.get("/api/admin/users", { token: last.token })).status).toBe(200);
  });

  test("does not count a banned admin as a remaining one", async () => {
    const last = await newAdmin();
    await seedUser(stack, { role: "admin", isBanned: true });
    expect((await action(last, last)).code).toBe(lastAdminCode);
  });

  test("counts an admin whose ban has ended by itself as a remaining one", async () => {
    const [last, returned] = [await newAdmin(), await seedUser(stack, { role: "admin", isBanned: true })];
    const setEnd = (end: string) =>
      stack.sql(`update users set banned_until = now() + interval '${end}' where id = $1`, [returned.id]);
    await setEnd("1 hour");
    expect((await action(last, last)).code).toBe(lastAdminCode);
    await setEnd("-1 second");
    expect((await action(last, last)).status).toBeLessThan(300);
    expect((await action(returned, returned)).code, "now the last one").toBe(lastAdminCode);
  });

  test("succeeds for an admin acting on themselves while another one remains", async () => {
    const [one, other] = [await newAdmin(), await newAdmin()];
    expect((await action(one, one)).status).toBeLessThan(300);
    expect(await activeAdmins()).toEqual([other.id]);
  });

  test("succeeds on a banned admin", async () => {
    const last = await newAdmin();
    const banned = await seedUser(stack, { role: "admin", isBanned: true });
    expect((await action(last, banned)).status).toBeLessThan(300);
    expect(await activeAdmins()).toEqual([last.id]);
  });
});

test("PATCH /api/admin/users/{id} accepts a change that keeps the last admin an active admin", async () => {
  const last = await newAdmin();
  for (const change of [{}, { role: "admin" }, { banned: false }, { role: "admin", banned: false }]) {
    expect((await patch(change)(last, last)).status, JSON.stringify(change)).toBe(200);
  }
});

describe.skipIf(!hasPostgres())("concurrent changes to admins, on a real Postgres", () => {
  const rounds = Array.from({ length: 20 }, (_, round) => round);
  const actionOf = (i: number): Action =>
    actionList[i % actionList.length]?.[1] ?? actions["DELETE /api/admin/users/{id}"];

  // @proof admins-cannot-remove-each-other
  test("leave one admin when two remove each other, without a server error (20 rounds)", async () => {
    for (const round of rounds) {
      await stack.sql("delete from users");
      const [one, other] = [await newAdmin(), await newAdmin()];
      const responses = await Promise.all([
        actionOf(round)(one, other),
        actionOf(Math.floor(round / actionList.length))(other, one),
      ]);
      expect(await activeAdmins(), `round ${round}`).toHaveLength(1);
      const [winner, loser] = responses.map(({ status }) => status).sort();
      expect([200, 204], `round ${round}`).toContain(winner);
      expect([401, 403], `round ${round}`).toContain(loser);
    }
  });

  test("let only one of two admins step down (20 rounds)", async () => {
    for (const round of rounds) {
      await stack.sql("delete from users");
      const [one, other] = [await newAdmin(), await newAdmin()];
      const responses = await Promise.all([
        actionOf(round)(one, one),
        actionOf(Math.floor(round / actionList.length))(other, other),
      ]);
      expect(await activeAdmins(), `round ${round}`).toHaveLength(1);
      expect(
        responses.filter(({ code }) => code === lastAdminCode),
        `round ${round}`,
      ).toHaveLength(1);
    }
  });

  test("leave one admin when four remove each other", async () => {
    const admins = await Promise.all(rounds.slice(0, 4).map(newAdmin));
    const pairs = admins.flatMap((by) => admins.filter((to) => to !== by).map((to) => [by, to] as const));
    const responses = await Promise.all(pairs.map(([by, to], i) => actionOf(i)(by, to)));
    expect(responses.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await activeAdmins()).toHaveLength(1);
  });
});
