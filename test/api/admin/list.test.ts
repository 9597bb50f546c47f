import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminUser } from "../../../lib/admin/contract/users.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin", name: "Admin" });
});
afterAll(() => stack.stop());

const get = (query: Record<string, string>) =>
  admin.client.get(`/api/admin/users?${new URLSearchParams(query)}`, { token: admin.token });
const namesFor = async (query: Record<string, string>): Promise<string[]> =>
  (await get(query)).json.data.map(({ name }: { name: string }) => name);
const marker = () => randomBytes(5).toString("hex");

describe("GET /api/admin/users", () => {
  test("returns users as GET /api/admin/users/{id} does, newest first, with the documented fields only", async () => {
    const mark = marker();
    const [older, newer] = [
      await seedUser(stack, { name: `${mark} a` }),
      await seedUser(stack, { name: `${mark} b` }),
    ];
    const { data } = (await get({ q: mark })).json;
    expect(data.map(({ id }: TestUser) => id)).toEqual([newer.id, older.id]);
    expect(Object.keys(data[0]).sort()).toEqual(Object.keys(adminUser.shape).sort());
    const single = await admin.client.get(`/api/admin/users/${newer.id}`, { token: admin.token });
    expect(single.json).toEqual(data[0]);
  });

  test("never returns a password hash, a context tag or an epoch", async () => {
    const [row] = await stack.sql("select password_hash from users limit 1");
    const { text } = await get({ limit: "200" });
    expect(row?.["password_hash"]).toMatch(/^\$argon2id\$/);
    expect(text).not.toContain(String(row?.["password_hash"]));
    expect(text).not.toMatch(/argon2|hash|context|epoch/i);
  });

  test("returns the time of a ban", async () => {
    const mark = marker();
    await seedUser(stack, { name: mark, isBanned: true });
    const { data } = (await get({ q: mark })).json;
    expect(data).toMatchObject([{ bannedAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
  });

  test("does not list a sign-up before its address is confirmed", async () => {
    const name = marker();
    const { token, registration } = await seedRegistration(stack, { name });
    expect(await namesFor({ q: name })).toEqual([]);
    await stack.client().post("/api/auth/verify-email", { token, registration });
    expect(await namesFor({ q: name })).toEqual([name]);
  });

  test("returns every user once across pages of any size, newest first", async () => {
    const mark = marker();
    for (let i = 0; i < 7; i += 1) await seedUser(stack, { name: `${mark} ${i}` });
    for (const limit of ["1", "3", "7", "8"]) {
      const names: string[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const { json } = await get({ q: mark, limit, ...(cursor ? { cursor } : {}) });
        names.push(...json.data.map(({ name }: TestUser) => name));
        cursor = json.nextCursor as string | null;
        // Newer than the cursor, so it must not appear on a later page or shift its users.
        await seedUser(stack, { name: `${mark} late` });
      }
      const isLate = (name: string) => name.endsWith("late");
      expect(names.filter((name) => !isLate(name))).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `${mark} ${i}`));
      await stack.sql("delete from users where name = $1", [`${mark} late`]);
    }
  });

  test("filters by role", async () => {
    const mark = marker();
    await seedUser(stack, { name: `${mark} user` });
    await seedUser(stack, { name: `${mark} admin`, role: "admin" });
    expect(await namesFor({ q: mark, role: "admin" })).toEqual([`${mark} admin`]);
    expect(await namesFor({ q: mark, role: "user" })).toEqual([`${mark} user`]);
    expect(await namesFor({ q: mark })).toHaveLength(2);
  });

  test.each([
    ["role", "owner"],
    ["role", ""],
    ["banned", "true"],
    ["sort", "email"],
    ["limit", "many"],
  ])("rejects %s=%s", async (parameter, value) => {
    const response = await get({ [parameter]: value });
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toEqual([{ parameter, message: expect.any(String) }]);
  });
});

describe("GET /api/admin/users?q=", () => {
  test("finds part of the address or the name, in any case", async () => {
    const mark = marker();
    const email = `Grace.${mark}@Example.com`;
    await seedUser(stack, { name: `Grace ${mark} Hopper`, email });
    const parts = [`grace.${mark}`, `GRACE.${mark.toUpperCase()}@EXAMPLE`, `${mark}@`, email, `${mark} hop`];
    for (const q of parts) expect(await namesFor({ q }), q).toEqual([`Grace ${mark} Hopper`]);
    expect(await namesFor({ q: ` ${mark} ` })).toEqual([`Grace ${mark} Hopper`]);
    expect(await namesFor({ q: `${mark}x` })).toEqual([]);
  });

  test.each([
    ["%", "100% sure", "100x sure"],
    ["_", "snake_case", "snakeXcase"],
    ["\\", "back\\slash", "back/slash"],
    ["\\%", "both\\%", "both%"],
    ["'", "O'Hara", "OHara"],
    ['"', 'the "A"', "the A"],
    [";--", "a;--b", "a;-b"],
  ])("matches %s literally", async (special, literal, lookalike) => {
    const mark = marker();
    await seedUser(stack, { name: `${literal} ${mark}` });
    await seedUser(stack, { name: `${lookalike} ${mark}` });
    expect(await namesFor({ q: `${literal} ${mark}` })).toEqual([`${literal} ${mark}`]);
    const names = await namesFor({ q: special, limit: "200" });
    expect(names).toContain(`${literal} ${mark}`);
    expect(names).not.toContain(`${lookalike} ${mark}`);
  });

  test.each([
    ["an empty query", ""],
    ["a blank query", "   "],
    ["a query longer than any email address", "x".repeat(255)],
    ["a query with a NUL character", "a\0b"],
  ])("rejects %s", async (_, q) => {
    const response = await get({ q });
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors.map((error: { parameter: string }) => error.parameter)).toContain("q");
  });
});

describe("GET /api/admin/users?cursor=", () => {
  test("rejects a cursor that was altered or belongs to another search or role", async () => {
    const mark = marker();
    for (let i = 0; i < 3; i += 1) await seedUser(stack, { name: `${mark} ${i}` });
    const cursor = String((await get({ q: mark, role: "user", limit: "1" })).json.nextCursor);
    expect((await get({ q: mark, role: "user", cursor })).json.data).toHaveLength(2);
    const others: Record<string, string>[] = [
      { cursor },
      { q: mark, cursor },
      { role: "user", cursor },
      { q: mark, role: "admin", cursor },
      { q: mark.slice(0, -1), role: "user", cursor },
      { q: mark, role: "user", cursor: `${cursor.slice(0, -1)}${cursor.endsWith("A") ? "B" : "A"}` },
      { q: mark, role: "user", cursor: "AAAA" },
    ];
    for (const other of others) expect((await get(other)).code, JSON.stringify(other)).toBe("invalid-cursor");
  });
});

describe("GET /api/admin/users/{id}", () => {
  test.each(["019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21", "me", "1", "%00", "x".repeat(500)])(
    "returns 404 for %s",
    async (id) => {
      const response = await admin.client.get(`/api/admin/users/${id}`, { token: admin.token });
      expect(response.code).toBe("not-found");
    },
  );
});
