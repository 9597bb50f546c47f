import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../../stack/client.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
// Who is the last depends on everybody.
beforeEach(() => stack.sql("delete from users"));

type Deed = (by: Person, to: Person) => Promise<Answer>;

const patch =
  (change: unknown): Deed =>
  (by, to) =>
    by.client.patch(`/api/admin/users/${to.id}`, change, { token: by.token });
const deeds = {
  "demote (PATCH)": patch({ role: "user" }),
  "ban (PATCH)": patch({ banned: true }),
  "demote and ban (PATCH)": patch({ role: "user", banned: true }),
  "delete (DELETE)": (by, to) => by.client.delete(`/api/admin/users/${to.id}`, { token: by.token }),
} satisfies Record<string, Deed>;
const deedList = Object.entries(deeds);

const newAdmin = () => plant(stack, { role: "admin" });
const activeAdmins = async () => {
  const rows = await stack.sql(
    "select id from users where role = 'admin' and banned_at is null and email_verified_at is not null",
  );
  return rows.map((row) => row["id"]);
};

describe.each(deedList)("the last admin cannot %s themselves", (_, deed) => {
  test("with nobody but users around: 409, and nothing changes", async () => {
    const last = await newAdmin();
    await plant(stack);
    const before = await stack.sql("select * from users order by id");
    const answer = await deed(last, last);
    expect(answer.code).toBe("conflict");
    expect(await stack.sql("select * from users order by id")).toEqual(before);
    expect((await last.client.get("/api/admin/users", { token: last.token })).status).toBe(200);
  });

  test("with a banned admin around, who could not help", async () => {
    const last = await newAdmin();
    await plant(stack, { role: "admin", isBanned: true });
    expect((await deed(last, last)).code).toBe("conflict");
  });

  test("with an admin around whose address is not confirmed, who could not log in", async () => {
    const last = await newAdmin();
    await plant(stack, { role: "admin", isVerified: false });
    expect((await deed(last, last)).code).toBe("conflict");
  });

  test("but can with another admin around", async () => {
    const [one, other] = [await newAdmin(), await newAdmin()];
    expect((await deed(one, one)).status).toBeLessThan(300);
    expect(await activeAdmins()).toEqual([other.id]);
  });

  test("while banned and unconfirmed admins are nobody's last", async () => {
    const last = await newAdmin();
    const idle = [{ isBanned: true }, { isVerified: false }];
    for (const traits of idle) {
      expect((await deed(last, await plant(stack, { role: "admin", ...traits }))).status).toBeLessThan(300);
    }
    expect(await activeAdmins()).toEqual([last.id]);
  });
});

test("PATCH /api/admin/users/{id} that leaves the last admin one is no conflict", async () => {
  const last = await newAdmin();
  for (const change of [{}, { role: "admin" }, { banned: false }, { role: "admin", banned: false }]) {
    expect((await patch(change)(last, last)).status, JSON.stringify(change)).toBe(200);
  }
});

describe.skipIf(!hasPostgres())("at once, on a real Postgres", () => {
  const rounds = Array.from({ length: 20 }, (_, round) => round);
  const deedOf = (i: number): Deed => deedList[i % deedList.length]?.[1] ?? deeds["delete (DELETE)"];

  test("two admins who turn on each other, 20 rounds: one is left each time, and nobody sees a fault", async () => {
    for (const round of rounds) {
      await stack.sql("delete from users");
      const [one, other] = [await newAdmin(), await newAdmin()];
      const answers = await Promise.all([
        deedOf(round)(one, other),
        deedOf(Math.floor(round / deedList.length))(other, one),
      ]);
      expect(await activeAdmins(), `round ${round}`).toHaveLength(1);
      const [winner, loser] = answers.map(({ status }) => status).sort();
      expect([200, 204], `round ${round}`).toContain(winner);
      expect([401, 403], `round ${round}`).toContain(loser);
    }
  });

  test("two admins who both step down, 20 rounds: the second is told to stay", async () => {
    for (const round of rounds) {
      await stack.sql("delete from users");
      const [one, other] = [await newAdmin(), await newAdmin()];
      const answers = await Promise.all([
        deedOf(round)(one, one),
        deedOf(Math.floor(round / deedList.length))(other, other),
      ]);
      expect(await activeAdmins(), `round ${round}`).toHaveLength(1);
      expect(
        answers.filter(({ code }) => code === "conflict"),
        `round ${round}`,
      ).toHaveLength(1);
    }
  });

  test("ten admins who all remove all others: one is left", async () => {
    const admins = await Promise.all(rounds.slice(0, 10).map(newAdmin));
    const pairs = admins.flatMap((by) => admins.filter((to) => to !== by).map((to) => [by, to] as const));
    const answers = await Promise.all(pairs.map(([by, to], i) => deedOf(i)(by, to)));
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await activeAdmins()).toHaveLength(1);
  });
});
