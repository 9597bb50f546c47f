import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nameLength } from "../../../lib/auth/limits.js";
import { timeZoneLength } from "../../../lib/time/time-zone.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signUp, subjects, type TestUser } from "../../stack/users.js";
import { changePassword } from "./password-changes.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = ({ client, token }: TestUser) => client.get("/api/auth/me", { token });
const patch = ({ client, token }: TestUser, change: unknown) =>
  client.patch("/api/auth/me", change, { token });

describe("GET /api/auth/me", () => {
  test("returns the same user as sign-in, without secret fields", async () => {
    const ada = await signUp(stack);
    const { email, password, client } = ada;
    const login = await client.post("/api/auth/login", { email, password });
    const response = await client.get("/api/auth/me", { token: String(login.json.accessToken) });
    expect(response.json).toEqual(login.json.user);
    expect(response.json).toMatchObject({ id: ada.id, email, name: ada.name, role: "user" });
    expect(response.text).not.toMatch(/argon2|epoch|hash|banned/i);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("returns session-ended once the account is deleted, as PATCH and refresh do", async () => {
    const ada = await signUp(stack);
    await stack.sql("delete from users where id = $1", [ada.id]);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await patch(ada, { name: "Nobody" })).code).toBe("session-ended");
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });
});

describe("PATCH /api/auth/me", () => {
  test("changes the name, trimmed, and leaves other fields and users alone", async () => {
    const [ada, grace] = await Promise.all([signUp(stack), signUp(stack)]);
    const before = (await me(ada)).json;
    const response = await patch(ada, { name: "  Ada King \u{1f9ee} " });
    expect(response.json).toEqual({
      ...before,
      name: "Ada King \u{1f9ee}",
      updatedAt: response.json.updatedAt,
    });
    expect(Date.parse(response.json.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect((await me(ada)).json).toEqual(response.json);
    expect((await me(grace)).json.name).toBe(grace.name);
  });

  test("changes nothing for an empty patch", async () => {
    const ada = await signUp(stack);
    const before = (await me(ada)).json;
    expect((await patch(ada, {})).json).toEqual(before);
    expect((await me(ada)).json).toEqual(before);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["an empty name", { name: "" }, "/name"],
    ["a blank name", { name: "\t \u2003" }, "/name"],
    ["an invisible name", { name: "\u200d\u2060" }, "/name"],
    ["a name with a line break", { name: "Ada\nKing" }, "/name"],
    [`a name of ${nameLength + 1} characters`, { name: "x".repeat(nameLength + 1) }, "/name"],
    ["a null name", { name: null }, "/name"],
    ["an unknown time zone", { timeZone: "Europe/Atlantis" }, "/timeZone"],
    ["an offset instead of a time zone", { timeZone: "+01:00" }, "/timeZone"],
    ["an empty time zone", { timeZone: "" }, "/timeZone"],
    ["a time zone between spaces", { timeZone: " Europe/Copenhagen" }, "/timeZone"],
    ["a time zone that is too long", { timeZone: `Europe/${"x".repeat(timeZoneLength)}` }, "/timeZone"],
    ["an address", { email: "other@example.com" }, "/email"],
    ["a role", { role: "admin" }, "/role"],
    ["a password", { password: "correct horse battery" }, "/password"],
    ["an id", { id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" }, "/id"],
  ])("rejects %s with a pointer and changes nothing", async (_case, change, pointer) => {
    const ada = await signUp(stack);
    const before = (await me(ada)).json;
    const response = await patch(ada, change);
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toMatchObject([{ pointer }]);
    expect((await me(ada)).json).toEqual(before);
  });

  test.each([
    ["Europe/Copenhagen", "Europe/Copenhagen"],
    ["eUROPE/copenhagen", "Europe/Copenhagen"],
    ["us/pacific", "US/Pacific"],
    ["Asia/Calcutta", "Asia/Calcutta"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["utc", "UTC"],
  ])(
    "stores the time zone %s as %s, keeps it when the name changes, and clears it with null",
    async (sent, stored) => {
      const ada = await signUp(stack);
      expect((await me(ada)).json.timeZone).toBeNull();
      const changed = await patch(ada, { timeZone: sent });
      expect(changed.json).toMatchObject({ name: ada.name, timeZone: stored });
      expect((await patch(ada, { name: "Ada King" })).json).toMatchObject({
        name: "Ada King",
        timeZone: stored,
      });
      expect((await patch(ada, { timeZone: null })).json).toMatchObject({ name: "Ada King", timeZone: null });
    },
  );

  test("keeps the policy for passwords when only the time zone changes", async () => {
    const name = `Countess ${goodPassword()}`;
    const ada = await signUp(stack, { name });
    await patch(ada, { timeZone: "UTC" });
    const response = await changePassword(ada, name);
    expect(response.json.errors).toMatchObject([{ pointer: "/newPassword" }]);
  });

  // @proof password-policy-follows-name
  test("forbids the new name as a password and allows the old one again", async () => {
    const oldName = `Countess ${goodPassword()}`;
    const newName = `Lady ${goodPassword()}`;
    const ada = await signUp(stack, { name: oldName });
    await patch(ada, { name: newName });
    await ada.client.post("/api/auth/forgot-password", { email: ada.email });
    const token = await emailedToken(stack, ada.email, subjects.reset);
    const reset = (password: string) => ada.client.post("/api/auth/reset-password", { token, password });
    expect((await reset(newName.toUpperCase())).code).toBe("invalid-request");
    expect((await reset(ada.email)).code).toBe("invalid-request");
    expect((await reset(oldName)).status).toBe(204);
  });
});

describe("the name of a user", () => {
  // @proof names-keep-text-direction
  test.each(["\u202eadA", "Ada\u200f", "\u2066Ada\u2069", "Ada\u061c"])(
    "cannot contain marks that change the direction of text (%j)",
    async (name) => {
      const ada = await signUp(stack);
      const changed = await ada.client.patch("/api/auth/me", { name }, { token: ada.token });
      expect(changed.json.errors).toMatchObject([{ pointer: "/name" }]);
      const account = { email: newEmail(), name, password: goodPassword() };
      const registered = await stack.client().post("/api/auth/register", account);
      expect(registered.json.errors).toMatchObject([{ pointer: "/name" }]);
    },
  );
});
