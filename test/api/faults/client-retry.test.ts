import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, register, signUp, subjects } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Loses the next response of the database, after the commit. */
const loseResponse = (match?: string) =>
  stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1, ...(match ? { match } : {}) });
const tasksOf = (id: string) => stack.sql("select id, title from tasks where user_id = $1", [id]);
const unavailable = { status: 503, code: "database-unavailable" };

describe("after a response that was lost after the commit, a retry of", () => {
  test("POST /api/tasks with the same Idempotency-Key returns the one task that exists", async () => {
    const ada = await signUp(stack);
    const keyed = { token: ada.token, headers: { "idempotency-key": "a-key" } };
    await loseResponse();
    expect(await ada.client.post("/api/tasks", { title: "Once" }, keyed)).toMatchObject(unavailable);
    const [row] = await tasksOf(ada.id);
    const again = await ada.client.post("/api/tasks", { title: "Once" }, keyed);
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.json.id).toBe(row?.["id"]);
    expect(await tasksOf(ada.id)).toHaveLength(1);
  });

  test("POST /api/auth/refresh with the same cookie continues the session", async () => {
    const ada = await signUp(stack);
    await loseResponse();
    const lost = await ada.client.post("/api/auth/refresh");
    expect(lost).toMatchObject(unavailable);
    expect(lost.setCookies).toEqual([]);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    const next = await ada.client.post("/api/auth/refresh");
    expect(next.status).toBe(200);
    expect((await ada.client.get("/api/auth/me", { token: next.json.accessToken })).status).toBe(200);
  });

  test.each([
    ["first", "isBanned"],
    ["second", "insert into sessions"],
  ])("POST /api/auth/login that failed in its %s round trip signs in", async (_title, match) => {
    const { client, email, password } = await signUp(stack);
    client.cookies.clear();
    await loseResponse(match);
    const lost = await client.post("/api/auth/login", { email, password });
    expect(lost).toMatchObject(unavailable);
    expect(lost.setCookies).toEqual([]);
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("POST /api/auth/logout signs out", async () => {
    const ada = await signUp(stack);
    await loseResponse();
    const lost = await ada.client.post("/api/auth/logout");
    expect(lost).toMatchObject(unavailable);
    expect(ada.client.cookies.size).toBe(1);
    expect((await ada.client.post("/api/auth/logout")).status).toBe(204);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
  });

  test("POST /api/auth/register is unnecessary: the email arrives after its lease has expired", async () => {
    const client = stack.client();
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    await loseResponse();
    expect(await client.post("/api/auth/register", person)).toMatchObject(unavailable);
    await stack.sql("update outbox set due_at = now() where recipient = $1", [person.email]);
    await register(stack);
    const token = await emailedToken(stack, person.email, subjects.verify);
    expect((await client.post("/api/auth/verify-email", { token })).status).toBe(200);
    expect(
      (await client.post("/api/auth/login", { email: person.email, password: person.password })).status,
    ).toBe(200);
  });

  test("POST /api/auth/verify-email finds the link consumed, and the user can sign in", async () => {
    const { client, email, password } = await register(stack);
    const token = await emailedToken(stack, email, subjects.verify);
    await loseResponse("email_verified_at = now");
    expect(await client.post("/api/auth/verify-email", { token })).toMatchObject(unavailable);
    expect((await client.post("/api/auth/verify-email", { token })).code).toBe("invalid-link");
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("POST /api/auth/reset-password finds the link consumed, and only the new password works", async () => {
    const { client, email, password: old } = await signUp(stack);
    await client.post("/api/auth/forgot-password", { email });
    const token = await emailedToken(stack, email, subjects.reset);
    const password = goodPassword();
    await loseResponse("password-reset");
    expect(await client.post("/api/auth/reset-password", { token, password })).toMatchObject(unavailable);
    const again = await client.post("/api/auth/reset-password", { token, password: goodPassword() });
    expect(again.code).toBe("invalid-link");
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
    expect((await client.post("/api/auth/login", { email, password: old })).code).toBe("invalid-credentials");
    await stack.sql("update outbox set due_at = now() where recipient = $1", [email]);
    await register(stack);
    await stack.mailbox.waitForMail(email, { subject: subjects.changed });
  });
});
