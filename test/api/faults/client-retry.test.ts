import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SeededRegistration, seedRegistration, seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signUp, subjects } from "../../stack/users.js";
import { hasSessionCookie } from "../auth/cookies.js";
import { accountLookup, sessionStart } from "./fault-cases.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Loses the next response of the database, after the commit. */
async function loseResponse(match = ""): Promise<void> {
  // An email that is still being sent would meet the fault first.
  await stack.waitUntilIdle();
  await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1, match });
}

const rowsOf = (table: string, column: string, value: string) =>
  stack.sql(`select * from ${table} where ${column} = $1`, [value]);
const tasksOf = (userId: string) => rowsOf("tasks", "user_id", userId);
/** Ends the lease that the failed request took. The next request that sends email then sends this one too. */
async function sendLeasedEmail(recipient: string): Promise<void> {
  await stack.sql("update outbox set due_at = now() where recipient = $1", [recipient]);
  await stack.client().post("/api/auth/forgot-password", { email: newEmail() });
}
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
    ["first", accountLookup],
    ["second", sessionStart],
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
    expect(hasSessionCookie(ada.client)).toBe(true);
    expect((await ada.client.post("/api/auth/logout")).status).toBe(204);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
  });

  test("POST /api/auth/register with the same Idempotency-Key returns the secret of the one sign-up", async () => {
    const client = stack.client();
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    const keyed = { headers: { "idempotency-key": "a-key" } };
    await loseResponse();
    expect(await client.post("/api/auth/register", person, keyed)).toMatchObject(unavailable);
    const again = await client.post("/api/auth/register", person, keyed);
    expect(again.status).toBe(202);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await rowsOf("registrations", "email", person.email)).toHaveLength(1);
    await sendLeasedEmail(person.email);
    const token = await emailedToken(stack, person.email, subjects.verify);
    const { registration } = again.json;
    expect((await client.post("/api/auth/verify-email", { token, registration })).status).toBe(200);
    expect(await rowsOf("outbox", "recipient", person.email)).toHaveLength(1);
  });

  test("POST /api/auth/register without a key is unnecessary: the email arrives after its lease has expired", async () => {
    const client = stack.client();
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    await loseResponse();
    expect(await client.post("/api/auth/register", person)).toMatchObject(unavailable);
    await sendLeasedEmail(person.email);
    const token = await emailedToken(stack, person.email, subjects.verify);
    const { password } = person;
    expect((await client.post("/api/auth/verify-email", { token, password })).status).toBe(200);
  });

  test.each([
    [
      "in the browser that signed up",
      ({ token, registration }: SeededRegistration) => ({ token, registration }),
    ],
    ["with a typed password", ({ token }: SeededRegistration) => ({ token, password: goodPassword() })],
  ])("POST /api/auth/verify-email %s signs in as the user that exists", async (_where, bodyFrom) => {
    const signUp = await seedRegistration(stack);
    const body = bodyFrom(signUp);
    const client = stack.client();
    await loseResponse();
    const lost = await client.post("/api/auth/verify-email", body);
    expect(lost).toMatchObject(unavailable);
    expect(lost.setCookies).toEqual([]);
    const [user, ...more] = await rowsOf("users", "email", signUp.email);
    expect(more).toEqual([]);
    const again = await client.post("/api/auth/verify-email", body);
    expect(again.json.user).toMatchObject({ id: user?.["id"], email: signUp.email });
    expect((await client.get("/api/auth/me", { token: again.json.accessToken })).status).toBe(200);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("POST /api/auth/verify-email that failed in its second round trip signs in", async () => {
    const { email, password } = await seedUser(stack);
    const { token } = await seedRegistration(stack, { email });
    const client = stack.client();
    await loseResponse(sessionStart);
    expect(await client.post("/api/auth/verify-email", { token, password })).toMatchObject(unavailable);
    expect((await client.post("/api/auth/verify-email", { token, password })).status).toBe(200);
  });

  test("POST /api/auth/reset-password with the same password succeeds and sends one notice", async () => {
    const { client, id, email, password: old } = await seedUser(stack);
    const body = { token: await seedResetLink(stack, id), password: goodPassword() };
    await loseResponse();
    expect(await client.post("/api/auth/reset-password", body)).toMatchObject(unavailable);
    expect((await client.post("/api/auth/reset-password", body)).status).toBe(204);
    const another = { ...body, password: goodPassword() };
    expect((await client.post("/api/auth/reset-password", another)).code).toBe("invalid-link");
    const { password } = body;
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
    expect((await client.post("/api/auth/login", { email, password: old })).code).toBe("invalid-credentials");
    await sendLeasedEmail(email);
    await stack.mailbox.waitForMail(email, { subject: subjects.changed });
    const kinds = (await rowsOf("outbox", "recipient", email)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(["new-device", "password-changed"]);
  });
});
