import { dataOf } from "@latchkey/client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Person, signUp } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { advanceClock, holdBack, openTab, problemOf, refreshesOf, signedInTab, until } from "./client-tab.js";
import { createCookieJar } from "./cookie-jar.js";

const refreshPath = "/api/auth/refresh";
const almostExpiredSeconds = 880;

let stack: Stack;
let ada: Person;
let grace: Person;

beforeAll(async () => {
  stack = await startStack();
  [ada, grace] = await Promise.all([signUp(stack), signUp(stack, { name: "Grace Hopper" })]);
});
afterAll(() => stack?.stop());
afterEach(async () => {
  vi.unstubAllGlobals();
  await stack.neon.heal(stack.databaseName);
});

describe("who signs in or out has the last word", () => {
  test("over a refresh under way: a sign-out waits for it, and no cookie is left", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    const { held, letGo } = holdBack(jar, refreshPath);
    const call = latchkey.api.GET("/api/tasks");
    await held;
    const left = latchkey.signOut();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(jar.sent).toEqual([`POST ${refreshPath}`]);
    letGo();
    await Promise.all([left, call.catch(() => {})]);
    expect(latchkey.session.get()).toEqual({ state: "signed-out", reason: "signed-out" });
    expect([...jar.cookies]).toEqual([]);
  });

  test("over a call under way: a sign-out waits for it, and it is not refused", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    const { held, letGo } = holdBack(jar, "/api/tasks");
    const call = latchkey.api.POST("/api/tasks", { body: { title: "Not lost" } });
    await held;
    const left = latchkey.signOut();
    await new Promise((resolve) => setTimeout(resolve, 50));
    letGo();
    await left;
    expect((await call).response.status).toBe(201);
    expect(jar.sent).toEqual(["POST /api/tasks", "POST /api/auth/logout"]);
  });

  test("over a call that fails: a sign-out waits for it, and goes on", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    jar.meddle = async ({ method }) => {
      if (method === "GET") throw new TypeError("Failed to fetch");
      return undefined;
    };
    const call = problemOf(latchkey.api.GET("/api/tasks"));
    await latchkey.signOut();
    expect((await call).code).toBe("network");
    expect(latchkey.session.get().state).toBe("signed-out");
  });

  test("over a refresh under way: the cookie after a sign-in as somebody else is theirs", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    const { held, letGo } = holdBack(jar, refreshPath);
    const call = latchkey.api.GET("/api/tasks").catch(() => {});
    await held;
    const entered = latchkey.signIn({ email: grace.email, password: grace.password });
    letGo();
    await Promise.all([entered, call]);
    expect((await openTab(stack, jar).resume())?.id).toBe(grace.id);
  });

  test("over the question who is there, which was asked for another", async () => {
    const { jar } = await signedInTab(stack, ada);
    const latchkey = openTab(stack, jar);
    const { held, letGo } = holdBack(jar, "/api/auth/me");
    const asked = latchkey.resume();
    await held;
    await latchkey.signIn({ email: grace.email, password: grace.password });
    letGo();
    expect((await asked)?.id).toBe(grace.id);
    expect(latchkey.session.get()).toMatchObject({ user: { id: grace.id } });
  });

  test("over a refusal that was meant for the session before, of the same person", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    const other = openTab(stack, jar);
    await other.resume();
    advanceClock(almostExpiredSeconds);
    const { held, letGo } = holdBack(jar, refreshPath);
    const call = problemOf(latchkey.api.GET("/api/tasks"));
    await held;
    await other.signOut();
    await other.signIn({ email: ada.email, password: ada.password });
    await until(() => latchkey.session.get().state === "signed-in");
    letGo();
    expect((await call).code).toBe("session-ended");
    expect(latchkey.session.get()).toMatchObject({ state: "signed-in", user: { id: ada.id } });
    expect((await latchkey.api.GET("/api/tasks")).response.status).toBe(200);
  });

  test("a call that is refused late is not made again in the name of who is there now", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    const { held, letGo } = holdBack(jar, "/api/tasks");
    const body = { title: "Ada's secret" };
    const call = problemOf(latchkey.api.POST("/api/tasks", { body }));
    await held;
    // It ends Ada's session, so that her call is refused.
    await openTab(stack, jar).signIn({ email: grace.email, password: grace.password });
    letGo();
    expect((await call).code).toBe("session-ended");
    expect(await stack.sql("select 1 from tasks where title = $1", [body.title])).toEqual([]);
    await until(() => latchkey.session.get().state === "signed-in");
    expect(latchkey.session.get()).toMatchObject({ user: { id: grace.id } });
  });
});

describe("a refresh that fails", () => {
  test.each([
    { status: 429, code: "rate-limited", retryAfter: "40" },
    { status: 503, code: "database-unavailable", retryAfter: "0" },
  ])("with $status signs nobody out, and the next call tries again", async ({ status, code, retryAfter }) => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    jar.meddle = () => Response.json({ code }, { status, headers: { "retry-after": retryAfter } });
    const problem = await problemOf(latchkey.api.GET("/api/tasks"));
    expect(problem).toMatchObject({ code, retryAfter: Number(retryAfter) });
    expect(refreshesOf(jar)).toBe(status === 503 ? 3 : 1);
    expect(jar.sent).toHaveLength(refreshesOf(jar));
    jar.meddle = undefined;
    await latchkey.api.GET("/api/tasks");
    expect(latchkey.session.get().state).toBe("signed-in");
  });

  test("for want of a connection, or on a portal's answer, signs nobody out", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    jar.meddle = () => Promise.reject(new TypeError("Failed to fetch"));
    expect((await problemOf(latchkey.api.GET("/api/tasks"))).code).toBe("network");
    jar.meddle = () => Response.json({ welcome: "to the hotel" });
    expect((await problemOf(latchkey.api.GET("/api/tasks"))).code).toBe("unexpected");
    expect(latchkey.session.get().state).toBe("signed-in");
  });
});

describe("the clock", () => {
  test.each([-86_400, 86_400])("may be wrong by %i seconds", async (seconds) => {
    advanceClock(seconds);
    const { jar, latchkey } = await signedInTab(stack, ada);
    await latchkey.api.GET("/api/tasks");
    expect(jar.sent).toEqual(["GET /api/tasks"]);
  });

  test("may have run for hours while the tab slept: the first call refreshes once", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    advanceClock(5 * 3600);
    await latchkey.api.GET("/api/tasks");
    expect(jar.sent).toEqual([`POST ${refreshPath}`, "GET /api/tasks"]);
  });
});

describe("a caller's abort", () => {
  test("does not wait for the refresh, which goes on for the others", async () => {
    const { jar, latchkey } = await signedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    const { held, letGo } = holdBack(jar, refreshPath);
    const abort = new AbortController();
    const given = latchkey.api.GET("/api/tasks", { signal: abort.signal });
    const other = dataOf(latchkey.api.GET("/api/tasks"));
    await held;
    abort.abort();
    await expect(given).rejects.toHaveProperty("name", "AbortError");
    letGo();
    await other;
    expect(refreshesOf(jar)).toBe(1);
  });

  test("ends the wait for a busy server", async () => {
    const abort = new AbortController();
    const jar = createCookieJar();
    const latchkey = openTab(stack, jar, () => setTimeout(() => abort.abort()));
    jar.meddle = () => new Response("", { status: 503, headers: { "retry-after": "10" } });
    const call = latchkey.api.GET("/api/health", { signal: abort.signal });
    await expect(call).rejects.toHaveProperty("name", "AbortError");
    expect(jar.sent).toHaveLength(1);
  });
});

test.each(["SecurityError", "none"])(
  "works alone where there is no channel to other tabs: %s",
  async (kind) => {
    const barred = class {
      constructor() {
        throw new DOMException("The operation is insecure.", kind);
      }
    };
    vi.stubGlobal("BroadcastChannel", kind === "none" ? undefined : barred);
    const { latchkey } = await signedInTab(stack, ada);
    await latchkey.api.GET("/api/tasks");
    await latchkey.signOut();
    expect(latchkey.session.get().state).toBe("signed-out");
  },
);

test("works where storage is barred: the server is asked instead", async () => {
  const { jar } = await signedInTab(stack, ada);
  vi.stubGlobal("localStorage", {
    getItem() {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    },
  });
  expect((await openTab(stack, jar).resume())?.id).toBe(ada.id);
});
