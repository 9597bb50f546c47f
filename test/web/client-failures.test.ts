import { dataOf } from "@latchkey/client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp, type TestUser } from "../stack/users.js";
import { openSignedInTab, openTab, problemFrom } from "./client-tab.js";
import { createCookieJar } from "./cookie-jar.js";

let stack: Stack;
let ada: TestUser;

beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack?.stop());
afterEach(() => stack.neon.heal(stack.databaseName));

test("a 503 is retried after Retry-After and signs nobody out", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const waits: number[] = [];
  const other = openTab(stack, jar, (seconds) => waits.push(seconds));
  await stack.waitUntilIdle();
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" }, times: 1 });
  expect((await other.resume())?.id).toBe(ada.id);
  expect(waits).toEqual([2]);
  expect(latchkey.session.get().state).toBe("signed-in");
});

test("a create whose response is lost takes effect once: the retry carries the same key", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const keys: (string | null)[] = [];
  jar.intercept = (request) => {
    keys.push(request.headers.get("idempotency-key"));
    return undefined;
  };
  await stack.neon.inject(stack.databaseName, { fault: { kind: "reset" }, match: "insert", times: 1 });
  const body = { title: `once ${ada.id}` };
  const created = await dataOf(latchkey.api.POST("/api/tasks", { body }));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  const rows = await stack.sql("select id from tasks where title = $1", [body.title]);
  expect(rows).toEqual([{ id: created.id }]);
});

test("a create that is retried with a fresh token keeps its Idempotency-Key", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const keys: (string | null)[] = [];
  jar.intercept = (request) => {
    if (!request.url.endsWith("/api/tasks")) return undefined;
    keys.push(request.headers.get("idempotency-key"));
    if (keys.length === 1) request.headers.set("authorization", "Bearer no.such.token");
    return undefined;
  };
  await latchkey.api.POST("/api/tasks", { body: { title: "Water the plants" } });
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
});

test("two creates with equal bodies make two tasks", async () => {
  const { latchkey } = await openSignedInTab(stack, ada);
  const body = { title: "Water the plants" };
  const create = () => dataOf(latchkey.api.POST("/api/tasks", { body }));
  const [first, second] = [await create(), await create()];
  expect(first.id).not.toBe(second.id);
});

test("a 422 names the invalid members of the body", async () => {
  const latchkey = openTab(stack, createCookieJar());
  const body = { email: "no address", password: "short", name: "Ada" };
  const problem = await problemFrom(latchkey.api.POST("/api/auth/register", { body }));
  expect(problem).toMatchObject({ code: "invalid-request", status: 422 });
  expect(problem.messageAt("/email")).toBeDefined();
  expect(problem.messageAt("/password")).toBe("must have 8 to 128 characters");
  expect(problem.messageAt("/name")).toBeUndefined();
  expect(problem.requestId).toBeDefined();
});

test("a 412 carries the server's current version", async () => {
  const { latchkey } = await openSignedInTab(stack, ada);
  const { id } = await dataOf(latchkey.api.POST("/api/tasks", { body: { title: "first" } }));
  const path = { id };
  await latchkey.api.PATCH("/api/tasks/{id}", { params: { path }, body: { title: "theirs" } });
  const stale = { path, header: { "If-Match": '"1"' } };
  const mine = latchkey.api.PATCH("/api/tasks/{id}", { params: stale, body: { title: "mine" } });
  expect(await problemFrom(mine)).toMatchObject({
    code: "precondition-failed",
    current: { title: "theirs", version: 2 },
  });
});

test("a sign-in that does not reach the API leaves the session unknown", async () => {
  const jar = createCookieJar();
  const latchkey = openTab(stack, jar);
  const credentials = { email: ada.email, password: ada.password };
  jar.intercept = () => Promise.reject(new TypeError("Failed to fetch"));
  expect(await problemFrom(latchkey.signIn(credentials))).toMatchObject({ code: "network", status: 0 });
  jar.intercept = () => new Response("<h1>Sign in to the hotel's network</h1>");
  expect(await problemFrom(latchkey.signIn(credentials))).toMatchObject({ code: "unexpected", status: 200 });
  expect(latchkey.session.get()).toEqual({ state: "unknown" });
});
