import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nameLength } from "../../../lib/auth/limits.js";
import { goodPassword, mailedToken, type Person, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = ({ client, token }: Person) => client.get("/api/auth/me", { token });
const patch = ({ client, token }: Person, change: unknown) => client.patch("/api/auth/me", change, { token });

describe("GET /api/auth/me", () => {
  test("answers the own account as login did, and nothing that is kept secret", async () => {
    const ada = await signUp(stack);
    const { email, password, client } = ada;
    const login = await client.post("/api/auth/login", { email, password });
    const answer = await client.get("/api/auth/me", { token: String(login.json.accessToken) });
    expect(answer.json).toEqual(login.json.user);
    expect(answer.json).toMatchObject({
      id: ada.id,
      email,
      name: ada.name,
      role: "user",
      emailVerified: true,
    });
    expect(answer.text).not.toMatch(/argon2|epoch|hash|banned/i);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("is session-ended once the account is gone", async () => {
    const ada = await signUp(stack);
    await stack.sql("delete from users where id = $1", [ada.id]);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await patch(ada, { name: "Nobody" })).code).toBe("session-ended");
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });
});

describe("PATCH /api/auth/me", () => {
  test("changes the name, trimmed, and nothing else", async () => {
    const [ada, grace] = await Promise.all([signUp(stack), signUp(stack)]);
    const before = (await me(ada)).json;
    const answer = await patch(ada, { name: "  Ada King \u{1f9ee} " });
    expect(answer.json).toEqual({
      ...before,
      name: "Ada King \u{1f9ee}",
      updatedAt: answer.json.updatedAt,
    });
    expect(Date.parse(answer.json.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect((await me(ada)).json).toEqual(answer.json);
    expect((await me(grace)).json.name).toBe(grace.name);
  });

  test("changes nothing when nothing is sent", async () => {
    const ada = await signUp(stack);
    const before = (await me(ada)).json;
    expect((await patch(ada, {})).json).toEqual(before);
    expect((await me(ada)).json).toEqual(before);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["an empty name", { name: "" }, "/name"],
    ["a name of spaces", { name: "\t \u2003" }, "/name"],
    ["a name that nobody can see", { name: "\u200d\u2060" }, "/name"],
    ["a name of two lines", { name: "Ada\nKing" }, "/name"],
    [`a name of ${nameLength + 1} characters`, { name: "x".repeat(nameLength + 1) }, "/name"],
    ["null", { name: null }, "/name"],
    ["an address", { email: "other@example.com" }, "/email"],
    ["a role", { role: "admin" }, "/role"],
    ["a password", { password: "correct horse battery" }, "/password"],
    ["an id", { id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" }, "/id"],
  ])("refuses %s by pointer, and changes nothing", async (_what, change, pointer) => {
    const ada = await signUp(stack);
    const before = (await me(ada)).json;
    const answer = await patch(ada, change);
    expect(answer.code).toBe("invalid-request");
    expect(answer.json.errors).toMatchObject([{ pointer }]);
    expect((await me(ada)).json).toEqual(before);
  });

  test("makes the new name what a password may not be, and frees the old one", async () => {
    const oldName = `Countess ${goodPassword()}`;
    const newName = `Lady ${goodPassword()}`;
    const ada = await signUp(stack, { name: oldName });
    await patch(ada, { name: newName });
    await ada.client.post("/api/auth/forgot-password", { email: ada.email });
    const token = await mailedToken(stack, ada.email, subjects.reset);
    const reset = (password: string) => ada.client.post("/api/auth/reset-password", { token, password });
    expect((await reset(newName.toUpperCase())).code).toBe("invalid-request");
    expect((await reset(ada.email)).code).toBe("invalid-request");
    expect((await reset(oldName)).status).toBe(204);
  });
});
