import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signIn, signUp, type TestUser } from "../../stack/users.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const patch = (person: { id: string }, change: unknown) =>
  admin.client.patch(`/api/admin/users/${person.id}`, change, { token: admin.token });
const read = async (person: { id: string }) =>
  (await admin.client.get(`/api/admin/users/${person.id}`, { token: admin.token })).json;
const outcomeOfToken = async (person: TestUser) =>
  (await person.client.get("/api/auth/me", { token: person.token })).code ?? "accepted";

describe("PATCH /api/admin/users/{id}", () => {
  test("changes the role, returns the user and leaves every other field alone", async () => {
    const person = await seedUser(stack, { name: "Grace" });
    const before = await read(person);
    const response = await patch(person, { role: "admin" });
    expect(response.status).toBe(200);
    expect(response.json).toEqual({ ...before, role: "admin", updatedAt: expect.any(String) });
    expect(await read(person)).toEqual(response.json);
    expect((await patch(person, { role: "user" })).json.role).toBe("user");
  });

  test("accepts application/merge-patch+json", async () => {
    const person = await seedUser(stack);
    const response = await admin.client.send("PATCH", `/api/admin/users/${person.id}`, {
      token: admin.token,
      body: JSON.stringify({ banned: true }),
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(response.json.bannedAt).not.toBeNull();
  });

  test.each([
    ["an empty patch", {}],
    ["the current values", { role: "user", banned: false }],
  ])("changes nothing, not even updatedAt, for %s", async (_, change) => {
    const person = await seedUser(stack);
    await stack.sql("update users set updated_at = now() - interval '1 hour' where id = $1", [person.id]);
    const before = await read(person);
    expect((await patch(person, change)).json).toEqual(before);
    expect(await read(person)).toEqual(before);
    expect(await outcomeOfToken(person)).toBe("accepted");
  });

  test.each([
    ["an unknown member", { colour: "red" }, "/colour"],
    ["an unknown role", { role: "owner" }, "/role"],
    ["a null role", { role: null }, "/role"],
    ["a string as banned", { banned: "true" }, "/banned"],
    ["null as banned", { banned: null }, "/banned"],
    ["a password hash", { passwordHash: "x" }, "/passwordHash"],
    ["an address", { email: "a@example.com" }, "/email"],
    ["a ban time", { bannedAt: null }, "/bannedAt"],
    ["a list", [], ""],
  ])("rejects %s and changes nothing", async (_, change, pointer) => {
    const person = await seedUser(stack);
    const before = await stack.sql("select * from users where id = $1", [person.id]);
    const response = await patch(person, change);
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toEqual([{ pointer, message: expect.any(String) }]);
    expect(await stack.sql("select * from users where id = $1", [person.id])).toEqual(before);
  });

  test.each(["019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21", "me"])("returns 404 for %s", async (id) => {
    expect((await patch({ id }, { banned: true })).code).toBe("not-found");
  });
});

describe("PATCH /api/admin/users/{id} with banned: true", () => {
  // @proof ban-ends-all-sessions
  test("immediately ends every session and rejects tokens, refreshes and sign-ins", async () => {
    const person = await signUp(stack);
    const phone = await signIn({ ...person, client: stack.client() });
    expect((await patch(person, { banned: true })).json.bannedAt).toEqual(expect.any(String));
    for (const device of [person, phone]) {
      expect(await outcomeOfToken(device)).toBe("account-banned");
      expect((await device.client.post("/api/auth/refresh")).code).toBe("session-ended");
    }
    const { email, password } = person;
    const login = await stack.client().post("/api/auth/login", { email, password });
    expect(login.code).toBe("account-banned");
  });

  // @proof lifted-ban-restores-no-session
  test("allows sign-in again once lifted, but not through earlier sessions", async () => {
    const person = await signUp(stack);
    await patch(person, { banned: true });
    expect((await patch(person, { banned: false })).json.bannedAt).toBeNull();
    expect(await outcomeOfToken(person)).toBe("session-ended");
    expect((await person.client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect(await outcomeOfToken(await signIn(person))).toBe("accepted");
  });

  test("keeps the time of the first ban when repeated", async () => {
    const person = await seedUser(stack);
    await patch(person, { banned: true });
    await stack.sql("update users set banned_at = banned_at - interval '1 day' where id = $1", [person.id]);
    const { bannedAt } = await read(person);
    expect((await patch(person, { banned: true })).json.bannedAt).toBe(bannedAt);
    expect((await patch(person, { role: "admin" })).json.bannedAt).toBe(bannedAt);
  });

  test("leaves the sessions of other users alone", async () => {
    const [person, other] = [await seedUser(stack), await seedUser(stack)];
    await patch(person, { banned: true });
    expect(await outcomeOfToken(other)).toBe("accepted");
  });
});

test("PATCH and DELETE /api/admin/users/{id} let admins ban, demote or delete themselves while another admin remains", async () => {
  for (const change of [{ banned: true }, { role: "user" }]) {
    const self = await seedUser(stack, { role: "admin" });
    const path = `/api/admin/users/${self.id}`;
    expect((await self.client.patch(path, change, { token: self.token })).status).toBe(200);
  }
  const self = await seedUser(stack, { role: "admin" });
  expect((await self.client.delete(`/api/admin/users/${self.id}`, { token: self.token })).status).toBe(204);
  expect(await outcomeOfToken(self)).toBe("session-ended");
});
