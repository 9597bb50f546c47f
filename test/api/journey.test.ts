import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { emailedToken, goodPassword, newEmail, subjects } from "../stack/users.js";
import { hasSessionCookie } from "./auth/cookies.js";

describe.each(["postgres", "pglite"] as const)("a complete user journey on %s", (database) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ database });
  });
  afterAll(() => stack.stop());

  test("covers sign-up, confirmation, sign-in, refresh, tasks and sign-out, after which refresh fails", async () => {
    const client = stack.client();
    const account = { email: newEmail(), password: goodPassword(), name: "Ada Lovelace" };
    const registered = await client.post("/api/auth/register", account);
    expect(registered.status).toBe(202);

    const { email, password } = account;
    expect((await client.post("/api/auth/login", { email, password })).code).toBe("invalid-credentials");

    const token = await emailedToken(stack, email, subjects.verify);
    const { registration } = registered.json;
    const confirmed = await client.post("/api/auth/verify-email", { token, registration });
    expect(confirmed.status).toBe(200);
    expect(confirmed.json.user).toMatchObject({ email, name: account.name, role: "user" });
    expect((await client.post("/api/auth/logout")).status).toBe(204);

    const login = await client.post("/api/auth/login", { email, password });
    expect(login.status).toBe(200);
    expect(login.json.user).toEqual(confirmed.json.user);

    const refreshed = await client.post("/api/auth/refresh");
    expect(refreshed.status).toBe(200);
    const access = { token: String(refreshed.json.accessToken) };
    expect((await client.get("/api/auth/me", access)).json).toEqual(login.json.user);

    const created = await client.post("/api/tasks", { title: "Water the plants" }, access);
    expect(created.status).toBe(201);
    const location = String(created.headers.get("location"));
    const read = await client.get(location, access);
    expect(read.json).toEqual(created.json);
    const ifMatch = { headers: { "if-match": String(read.headers.get("etag")) } };
    const done = await client.patch(location, { status: "done" }, { ...access, ...ifMatch });
    expect(done.json).toMatchObject({ status: "done", version: 2 });
    expect((await client.get("/api/tasks?status=done", access)).json.data).toEqual([done.json]);
    expect((await client.delete(location, access)).status).toBe(200);

    expect((await client.post("/api/auth/logout")).status).toBe(204);
    expect(hasSessionCookie(client)).toBe(false);
    expect((await client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect((await client.get("/api/auth/me", access)).code).toBe("session-ended");
  });
});
