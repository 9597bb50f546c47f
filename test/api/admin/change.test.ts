import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logIn, type Person, signUp } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
let admin: Person;
beforeAll(async () => {
  stack = await startStack();
  admin = await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const patch = (person: { id: string }, change: unknown) =>
  admin.client.patch(`/api/admin/users/${person.id}`, change, { token: admin.token });
const read = async (person: { id: string }) =>
  (await admin.client.get(`/api/admin/users/${person.id}`, { token: admin.token })).json;
const useToken = async (person: Person) =>
  (await person.client.get("/api/auth/me", { token: person.token })).code ?? "works";

describe("PATCH /api/admin/users/{id}", () => {
  test("changes the role, answers with the user, and leaves all else", async () => {
    const person = await plant(stack, { name: "Grace" });
    const before = await read(person);
    const answer = await patch(person, { role: "admin" });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ ...before, role: "admin", updatedAt: expect.any(String) });
    expect(await read(person)).toEqual(answer.json);
    expect((await patch(person, { role: "user" })).json.role).toBe("user");
  });

  test("takes a merge patch by its own media type too", async () => {
    const person = await plant(stack);
    const answer = await admin.client.send("PATCH", `/api/admin/users/${person.id}`, {
      token: admin.token,
      body: JSON.stringify({ banned: true }),
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(answer.json.bannedAt).not.toBeNull();
  });

  test.each([
    ["nothing", {}],
    ["what is so already", { role: "user", banned: false }],
  ])("changes nothing, updatedAt either, when it is sent %s", async (_, change) => {
    const person = await plant(stack);
    await stack.sql("update users set updated_at = now() - interval '1 hour' where id = $1", [person.id]);
    const before = await read(person);
    expect((await patch(person, change)).json).toEqual(before);
    expect(await read(person)).toEqual(before);
    expect(await useToken(person)).toBe("works");
  });

  test.each([
    ["an unknown member", { colour: "red" }, "/colour"],
    ["a role there is none of", { role: "owner" }, "/role"],
    ["no role", { role: null }, "/role"],
    ["banned as text", { banned: "true" }, "/banned"],
    ["banned as null", { banned: null }, "/banned"],
    ["the hash", { passwordHash: "x" }, "/passwordHash"],
    ["the address", { email: "a@example.com" }, "/email"],
    ["the time of the ban", { bannedAt: null }, "/bannedAt"],
    ["a list", [], ""],
  ])("refuses %s", async (_, change, pointer) => {
    const person = await plant(stack);
    const before = await stack.sql("select * from users where id = $1", [person.id]);
    const answer = await patch(person, change);
    expect(answer.code).toBe("invalid-request");
    expect(answer.json.errors).toEqual([{ pointer, message: expect.any(String) }]);
    expect(await stack.sql("select * from users where id = $1", [person.id])).toEqual(before);
  });

  test.each(["019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21", "me"])("answers 404 for %s", async (id) => {
    expect((await patch({ id }, { banned: true })).code).toBe("not-found");
  });
});

describe("PATCH /api/admin/users/{id} with banned: true", () => {
  test("ends every session at once: token, refresh and login are refused", async () => {
    const person = await signUp(stack);
    const phone = await logIn({ ...person, client: stack.client() });
    expect((await patch(person, { banned: true })).json.bannedAt).toEqual(expect.any(String));
    for (const device of [person, phone]) {
      expect(await useToken(device)).toBe("account-banned");
      expect((await device.client.post("/api/auth/refresh")).code).toBe("session-ended");
    }
    const { email, password } = person;
    const login = await stack.client().post("/api/auth/login", { email, password });
    expect(login.code).toBe("account-banned");
  });

  test("lets them in again when it is lifted, but not by the sessions of before", async () => {
    const person = await signUp(stack);
    await patch(person, { banned: true });
    expect((await patch(person, { banned: false })).json.bannedAt).toBeNull();
    expect(await useToken(person)).toBe("session-ended");
    expect((await person.client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect(await useToken(await logIn(person))).toBe("works");
  });

  test("keeps the time of the first ban when it is repeated", async () => {
    const person = await plant(stack);
    await patch(person, { banned: true });
    await stack.sql("update users set banned_at = banned_at - interval '1 day' where id = $1", [person.id]);
    const { bannedAt } = await read(person);
    expect((await patch(person, { banned: true })).json.bannedAt).toBe(bannedAt);
    expect((await patch(person, { role: "admin" })).json.bannedAt).toBe(bannedAt);
  });

  test("leaves the sessions of everybody else alone", async () => {
    const [person, other] = [await plant(stack), await plant(stack)];
    await patch(person, { banned: true });
    expect(await useToken(other)).toBe("works");
  });

  test("can ban, demote and delete oneself while somebody else is an admin", async () => {
    for (const change of [{ banned: true }, { role: "user" }]) {
      const self = await plant(stack, { role: "admin" });
      const path = `/api/admin/users/${self.id}`;
      expect((await self.client.patch(path, change, { token: self.token })).status).toBe(200);
    }
    const self = await plant(stack, { role: "admin" });
    expect((await self.client.delete(`/api/admin/users/${self.id}`, { token: self.token })).status).toBe(204);
    expect(await useToken(self)).toBe("session-ended");
  });
});
