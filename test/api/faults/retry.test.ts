import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { signUp } from "../../stack/users.js";
import { createCalls, expectSuccess } from "./calls.js";
import { retryableErrors, sessionStart } from "./fault-cases.js";
import { comparable, deleteRows, readRows } from "./rows.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Fault = Parameters<Stack["neon"]["inject"]>[1]["fault"];
async function injectOnce(fault: Fault): Promise<void> {
  // An email that is still being sent would meet the fault first.
  await stack.waitUntilIdle();
  await stack.neon.inject(stack.databaseName, { fault, times: 1 });
}
const tasksOf = (id: string) => stack.sql("select id, title from tasks where user_id = $1", [id]);
const unavailable = { status: 503, code: "database-unavailable" };

/** Excludes the statements of the email sender, which run after the response. */
const beforeResponse = "^(?![\\s\\S]*update outbox)|delete from sessions";

describe("a single database fault", () => {
  test.each(["refuse", "500", "507", "reset", "truncated", "garbage", "lost"] as const)(
    "%s: every read is retried and succeeds",
    async (kind) => {
      const reads = (await createCalls(stack)).filter((call) => call.isRead);
      expect(reads.length).toBeGreaterThan(5);
      for (const { id, send } of reads) {
        await injectOnce({ kind });
        expect((await send()).status, id).toBe(200);
      }
    },
  );

  test.each(["refuse", "500", "reset", "lost"] as const)(
    "%s: POST /api/tasks returns 503 without a retry",
    async (kind) => {
      const ada = await signUp(stack);
      await injectOnce({ kind });
      const response = await ada.client.post("/api/tasks", { title: "Once" }, { token: ada.token });
      expect(response).toMatchObject(unavailable);
      await stack.neon.heal(stack.databaseName);
      expect((await tasksOf(ada.id)).length).toBe(kind === "reset" || kind === "lost" ? 1 : 0);
    },
  );

  test.each(retryableErrors)(
    "$title: every operation is retried and takes effect once",
    async ({ fault }) => {
      const separate = await startStackForTest();
      const calls = await createCalls(separate);
      await expectSuccess(calls);
      const rowsOfOneRun = comparable(await readRows(separate));
      await deleteRows(separate);
      for (const { id, success, send } of await createCalls(separate)) {
        await separate.neon.inject(separate.databaseName, { fault, times: 1, match: beforeResponse });
        expect((await send()).status, id).toBe(success);
        expect((await separate.neon.stats(separate.databaseName)).failed, id).toBeGreaterThan(0);
        await separate.neon.reset(separate.databaseName);
      }
      expect(comparable(await readRows(separate))).toEqual(rowsOfOneRun);
    },
  );

  test.each(retryableErrors)(
    "$title: POST /api/auth/login retries its second round trip",
    async ({ fault }) => {
      const { client, id, email, password } = await signUp(stack);
      await stack.neon.inject(stack.databaseName, { fault, times: 1, match: sessionStart });
      expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
      expect(await stack.sql("select id from sessions where user_id = $1", [id])).toHaveLength(2);
    },
  );

  test("GET /api/auth/me returns 503 when its retry fails too", async () => {
    const ada = await signUp(stack);
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { fault: { kind: "sql", code: "40001" }, times: 2 });
    const response = await ada.client.get("/api/auth/me", { token: ada.token });
    expect(response).toMatchObject(unavailable);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
  });
});
