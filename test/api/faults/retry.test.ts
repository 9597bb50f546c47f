import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goodPassword, mailedToken, newEmail, register, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { callsOf, sendEach } from "./calls.js";
import { triedAgain } from "./kinds.js";
import { allRows, comparable, removeAll } from "./rows.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Fault = Parameters<Stack["neon"]["inject"]>[1]["fault"];
const once = (fault: Fault, match?: string) =>
  stack.neon.inject(stack.databaseName, { fault, times: 1, ...(match ? { match } : {}) });
const tasksOf = (id: string) => stack.sql("select id, title from tasks where user_id = $1", [id]);
const fails = { status: 503, code: "database-unavailable" };

/** Not what the sender of mails asks for after an answer. */
const beforeTheAnswer = "^(?![\\s\\S]*update outbox)|delete from sessions";

describe("a fault that strikes once", () => {
  test.each(["refuse", "500", "507", "reset", "truncated", "garbage", "lost"] as const)(
    "%s: every read is tried again and succeeds",
    async (kind) => {
      const reads = (await callsOf(stack)).filter((call) => call.reads);
      expect(reads.length).toBeGreaterThan(5);
      for (const { id, send } of reads) {
        await once({ kind });
        expect((await send()).status, id).toBe(200);
      }
    },
  );

  test.each(["refuse", "500", "reset", "lost"] as const)("%s: no write is tried again", async (kind) => {
    const ada = await signUp(stack);
    await once({ kind });
    const answer = await ada.client.post("/api/tasks", { title: "Once" }, { token: ada.token });
    expect(answer).toMatchObject(fails);
    await stack.neon.heal(stack.databaseName);
    expect((await tasksOf(ada.id)).length).toBe(kind === "reset" || kind === "lost" ? 1 : 0);
  });

  test.each(triedAgain)("$title: every operation is tried again, and done once", async ({ fault }) => {
    const struck = await startStackForTest();
    const calls = await callsOf(struck);
    await sendEach(calls);
    const doneOnce = comparable(await allRows(struck));
    await removeAll(struck);
    for (const { id, success, send } of await callsOf(struck)) {
      await struck.neon.inject(struck.databaseName, { fault, times: 1, match: beforeTheAnswer });
      expect((await send()).status, id).toBe(success);
      expect((await struck.neon.stats(struck.databaseName)).failed, id).toBeGreaterThan(0);
      await struck.neon.reset(struck.databaseName);
    }
    expect(comparable(await allRows(struck))).toEqual(doneOnce);
  });

  test.each(triedAgain)("$title: so is the second trip of a login", async ({ fault }) => {
    const { client, id, email, password } = await signUp(stack);
    await stack.neon.inject(stack.databaseName, { fault, times: 1, match: "insert into sessions" });
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
    expect(await stack.sql("select id from sessions where user_id = $1", [id])).toHaveLength(2);
  });

  test("a second fault ends the attempts", async () => {
    const ada = await signUp(stack);
    await stack.neon.inject(stack.databaseName, { fault: { kind: "sql", code: "40001" }, times: 2 });
    const answer = await ada.client.get("/api/auth/me", { token: ada.token });
    expect(answer).toMatchObject(fails);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
  });
});

describe("an answer that was lost after the commit", () => {
  test("POST /api/tasks with an Idempotency-Key: tried again, it is the same single task", async () => {
    const ada = await signUp(stack);
    const keyed = { token: ada.token, headers: { "idempotency-key": "a-key" } };
    await once({ kind: "lost" });
    expect(await ada.client.post("/api/tasks", { title: "Once" }, keyed)).toMatchObject(fails);
    const [row] = await tasksOf(ada.id);
    const again = await ada.client.post("/api/tasks", { title: "Once" }, keyed);
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.json.id).toBe(row?.["id"]);
    expect(await tasksOf(ada.id)).toHaveLength(1);
  });

  test("POST /api/auth/refresh: tried again with the same cookie, the session lives on", async () => {
    const ada = await signUp(stack);
    await once({ kind: "lost" });
    const lost = await ada.client.post("/api/auth/refresh");
    expect(lost).toMatchObject(fails);
    expect(lost.setCookies).toEqual([]);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    const next = await ada.client.post("/api/auth/refresh");
    expect(next.status).toBe(200);
    expect((await ada.client.get("/api/auth/me", { token: next.json.accessToken })).status).toBe(200);
  });

  test.each([
    ["its first trip", "isBanned"],
    ["its second trip", "insert into sessions"],
  ])("POST /api/auth/login, %s: tried again, it logs in", async (_title, match) => {
    const { client, email, password } = await signUp(stack);
    client.cookies.clear();
    await once({ kind: "lost" }, match);
    const lost = await client.post("/api/auth/login", { email, password });
    expect(lost).toMatchObject(fails);
    expect(lost.setCookies).toEqual([]);
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("POST /api/auth/logout: tried again, it is logged out", async () => {
    const ada = await signUp(stack);
    await once({ kind: "lost" });
    const lost = await ada.client.post("/api/auth/logout");
    expect(lost).toMatchObject(fails);
    expect(ada.client.cookies.size).toBe(1);
    expect((await ada.client.post("/api/auth/logout")).status).toBe(204);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
  });

  test("POST /api/auth/register: the mail comes all the same, once its lease has run out", async () => {
    const client = stack.client();
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    await once({ kind: "lost" });
    expect(await client.post("/api/auth/register", person)).toMatchObject(fails);
    await stack.sql("update outbox set due_at = now() where recipient = $1", [person.email]);
    await register(stack);
    const token = await mailedToken(stack, person.email, subjects.verify);
    expect((await client.post("/api/auth/verify-email", { token })).status).toBe(200);
    expect(
      (await client.post("/api/auth/login", { email: person.email, password: person.password })).status,
    ).toBe(200);
  });

  test("POST /api/auth/verify-email: the link is used, and the login works", async () => {
    const { client, email, password } = await register(stack);
    const token = await mailedToken(stack, email, subjects.verify);
    await once({ kind: "lost" }, "email_verified_at = now");
    expect(await client.post("/api/auth/verify-email", { token })).toMatchObject(fails);
    expect((await client.post("/api/auth/verify-email", { token })).code).toBe("invalid-link");
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("POST /api/auth/reset-password: the link is used, the new password works, the old does not", async () => {
    const { client, email, password: old } = await signUp(stack);
    await client.post("/api/auth/forgot-password", { email });
    const token = await mailedToken(stack, email, subjects.reset);
    const password = goodPassword();
    await once({ kind: "lost" }, "password-reset");
    expect(await client.post("/api/auth/reset-password", { token, password })).toMatchObject(fails);
    const again = await client.post("/api/auth/reset-password", { token, password: goodPassword() });
    expect(again.code).toBe("invalid-link");
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
    expect((await client.post("/api/auth/login", { email, password: old })).code).toBe("invalid-credentials");
    await stack.sql("update outbox set due_at = now() where recipient = $1", [email]);
    await register(stack);
    await stack.mailbox.waitForMail(email, { subject: subjects.changed });
  });
});
