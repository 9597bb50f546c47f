import { dataOf } from "@latchkey/client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, signUp, signUpAdmin } from "../stack/people.js";
import { type Stack, startStack } from "../stack/stack.js";
import { advanceClock, openTab, problemOf, refreshesOf, signedInTab, until } from "./client-tab.js";
import { type CookieJar, createCookieJar } from "./cookie-jar.js";

let stack: Stack;
let ada: Person;
let grace: Person;

beforeAll(async () => {
  stack = await startStack();
  [ada, grace] = await Promise.all([signUp(stack), signUp(stack, { name: "Grace Hopper" })]);
});
afterAll(() => stack?.stop());
afterEach(() => stack.neon.heal(stack.databaseName));

const tab = (jar: CookieJar, onWait?: (seconds: number) => void) => openTab(stack, jar, onWait);
const signedIn = (person = ada) => signedInTab(stack, person);

describe("signing in and out", () => {
  test("a sign-in names the user and lets calls through, without a word about tokens", async () => {
    const { jar, latchkey } = await signedIn();
    expect(latchkey.session.get()).toMatchObject({ state: "signed-in", user: { email: ada.email } });
    expect((await dataOf(latchkey.api.GET("/api/auth/me"))).id).toBe(ada.id);
    expect(jar.sent).toEqual(["GET /api/auth/me"]);
  });

  test("resume finds who is signed in by the cookie alone, and nobody where there is none", async () => {
    const { jar } = await signedIn();
    expect((await tab(jar).resume())?.email).toBe(ada.email);
    jar.sent.length = 0;
    const waiting = tab(jar);
    await Promise.all([waiting.resume(), waiting.resume()]);
    expect(jar.sent, "asked once by all who wait").toEqual(["POST /api/auth/refresh", "GET /api/auth/me"]);
    const stranger = tab(createCookieJar());
    expect(await stranger.resume()).toBeNull();
    expect(stranger.session.get()).toEqual({ state: "signed-out", reason: "none" });
  });

  test("a sign-out reaches the other tabs, and what they hold is refused", async () => {
    const { jar, latchkey } = await signedIn();
    const other = tab(jar);
    await other.resume();
    await latchkey.signOut();
    await until(() => other.session.get().state === "signed-out");
    expect(other.session.get()).toEqual({ state: "signed-out", reason: "signed-out" });
    const sent = jar.sent.length;
    expect((await problemOf(other.api.GET("/api/tasks"))).code).toBe("session-ended");
    expect(jar.sent.length, "what is known is not asked").toBe(sent);
  });

  test("a sign-in reaches the other tabs, which follow to the new user", async () => {
    const { jar, latchkey } = await signedIn();
    const other = tab(jar);
    await other.resume();
    await latchkey.signIn({ email: grace.email, password: grace.password });
    const isGrace = () => {
      const session = other.session.get();
      return session.state === "signed-in" && session.user.id === grace.id;
    };
    await until(isGrace);
    expect(other.session.get()).toMatchObject({ user: { name: "Grace Hopper" } });
  });

  test("a tab that has missed another's sign-in does nothing in the new user's name", async () => {
    const { jar, latchkey } = await signedIn();
    // Past the client, so that no tab is told.
    const login = await fetch(`${stack.origin}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: grace.email, password: grace.password }),
    });
    for (const line of login.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.cookies.set(name, decodeURIComponent(value));
    }
    advanceClock(880);
    const body = { title: "Ada's secret" };
    expect((await problemOf(latchkey.api.POST("/api/tasks", { body }))).code).toBe("session-ended");
    expect(await stack.sql("select 1 from tasks where title = $1", [body.title])).toEqual([]);
    await until(() => latchkey.session.get().state === "signed-in");
    expect(latchkey.session.get()).toMatchObject({ user: { id: grace.id } });
  });

  test("a session that an administrator ends signs the tab out and says why", async () => {
    const person = await signUp(stack);
    const { latchkey } = await signedIn(person);
    const admin = await signUpAdmin(stack);
    await admin.client.patch(`/api/admin/users/${person.id}`, { banned: true }, { token: admin.token });
    expect((await problemOf(latchkey.api.GET("/api/tasks"))).status).toBe(401);
    expect(latchkey.session.get()).toEqual({ state: "signed-out", reason: "account-banned" });
  });
});

describe("the access token", () => {
  test("is refreshed shortly before it expires, once for all calls that wait for it", async () => {
    const { jar, latchkey } = await signedIn();
    advanceClock(880);
    const calls = Array.from({ length: 8 }, () => latchkey.api.GET("/api/tasks"));
    await Promise.all(calls);
    expect(refreshesOf(jar)).toBe(1);
    expect(jar.sent[0]).toBe("POST /api/auth/refresh");
  });

  test("is refreshed once on a 401, and the calls are made again", async () => {
    const { jar, latchkey } = await signedIn();
    let spoiled = 4;
    jar.meddle = (request) => {
      if (request.headers.has("authorization") && spoiled-- > 0)
        request.headers.set("authorization", "Bearer no.such.token");
      return undefined;
    };
    await Promise.all(Array.from({ length: 4 }, () => latchkey.api.GET("/api/tasks")));
    expect(refreshesOf(jar)).toBe(1);
  });

  test("is not refreshed a second time when the fresh one is refused too", async () => {
    const { jar, latchkey } = await signedIn();
    jar.meddle = (request) => {
      if (request.headers.has("authorization")) request.headers.set("authorization", "Bearer no.such.token");
      return undefined;
    };
    expect((await problemOf(latchkey.api.GET("/api/tasks"))).code).toBe("unauthenticated");
    expect(jar.sent).toEqual(["GET /api/tasks", "POST /api/auth/refresh", "GET /api/tasks"]);
  });

  test("two tabs that refresh at once stay signed in, 50 rounds", async () => {
    const { jar } = await signedIn();
    for (let round = 0; round < 50; round += 1) {
      const tabs = [tab(jar), tab(jar)];
      const users = await Promise.all(tabs.map((latchkey) => latchkey.resume()));
      expect(
        users.map((user) => user?.id),
        `round ${round}`,
      ).toEqual([ada.id, ada.id]);
      for (const latchkey of tabs) latchkey.close();
    }
    expect(refreshesOf(jar)).toBe(100);
  }, 300_000);
});

describe("trouble", () => {
  test("a 503 is waited for and tried again, and nobody is signed out", async () => {
    const { jar, latchkey } = await signedIn();
    const waits: number[] = [];
    const other = tab(jar, (seconds) => waits.push(seconds));
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" }, times: 1 });
    expect((await other.resume())?.id).toBe(ada.id);
    expect(waits).toEqual([2]);
    expect(latchkey.session.get().state).toBe("signed-in");
  });

  test("a 503 that lasts is said after two more tries, with its request id and when to try again", async () => {
    const { jar, latchkey } = await signedIn();
    jar.meddle = () =>
      Response.json(
        { code: "database-unavailable", title: "The database cannot be reached", requestId: "request-1" },
        { status: 503, headers: { "retry-after": "0" } },
      );
    const problem = await problemOf(latchkey.api.GET("/api/tasks"));
    expect(problem).toMatchObject({
      code: "database-unavailable",
      status: 503,
      requestId: "request-1",
      retryAfter: 0,
    });
    expect(jar.sent).toHaveLength(3);
    expect(latchkey.session.get().state).toBe("signed-in");
  });

  test("a 503 that asks for a long wait is said at once", async () => {
    const { jar, latchkey } = await signedIn();
    jar.meddle = () => new Response("", { status: 503, headers: { "retry-after": "60" } });
    expect(await problemOf(latchkey.api.GET("/api/tasks"))).toMatchObject({
      code: "unexpected",
      retryAfter: 60,
    });
    expect(jar.sent).toHaveLength(1);
  });

  test("a create whose answer was lost is made once: its retry carries the same key", async () => {
    const { jar, latchkey } = await signedIn();
    const keys: (string | null)[] = [];
    jar.meddle = (request) => {
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

  test("two creates have two keys", async () => {
    const { latchkey } = await signedIn();
    const body = { title: "Water the plants" };
    const create = () => dataOf(latchkey.api.POST("/api/tasks", { body }));
    const [one, two] = [await create(), await create()];
    expect(one.id).not.toBe(two.id);
  });

  test("a create that is refused for its token is made again with the same key", async () => {
    const { jar, latchkey } = await signedIn();
    const keys: (string | null)[] = [];
    jar.meddle = (request) => {
      if (!request.url.endsWith("/api/tasks")) return undefined;
      keys.push(request.headers.get("idempotency-key"));
      if (keys.length === 1) request.headers.set("authorization", "Bearer no.such.token");
      return undefined;
    };
    await latchkey.api.POST("/api/tasks", { body: { title: "Water the plants" } });
    expect(keys).toHaveLength(2);
    expect(keys[1]).toBe(keys[0]);
  });

  test("what is wrong with a body stands at its members", async () => {
    const latchkey = tab(createCookieJar());
    const body = { email: "no address", password: "short", name: "Ada" };
    const problem = await problemOf(latchkey.api.POST("/api/auth/register", { body }));
    expect(problem).toMatchObject({ code: "invalid-request", status: 422 });
    expect(problem.messageAt("/email")).toBeDefined();
    expect(problem.messageAt("/password")).toBe("must have 8 to 128 characters");
    expect(problem.messageAt("/name")).toBeUndefined();
    expect(problem.requestId).toBeDefined();
  });

  test("a 412 brings what the server has", async () => {
    const { latchkey } = await signedIn();
    const { id } = await dataOf(latchkey.api.POST("/api/tasks", { body: { title: "first" } }));
    const path = { id };
    await latchkey.api.PATCH("/api/tasks/{id}", { params: { path }, body: { title: "theirs" } });
    const stale = { path, header: { "If-Match": '"1"' } };
    const mine = latchkey.api.PATCH("/api/tasks/{id}", { params: stale, body: { title: "mine" } });
    expect(await problemOf(mine)).toMatchObject({
      code: "precondition-failed",
      current: { title: "theirs", version: 2 },
    });
  });

  test("a server that cannot be reached, and an answer of another's, are told apart from refusals", async () => {
    const jar = createCookieJar();
    const latchkey = tab(jar);
    const body = { email: ada.email, password: ada.password };
    jar.meddle = () => Promise.reject(new TypeError("Failed to fetch"));
    expect(await problemOf(latchkey.signIn(body))).toMatchObject({ code: "network", status: 0 });
    jar.meddle = () => new Response("<h1>Log in to the hotel's network</h1>");
    expect(await problemOf(latchkey.signIn(body))).toMatchObject({ code: "unexpected", status: 200 });
    expect(latchkey.session.get()).toEqual({ state: "unknown" });
  });

  test("a caller's own abort stays an abort", async () => {
    const { latchkey } = await signedIn();
    const signal = AbortSignal.abort();
    await expect(latchkey.api.GET("/api/tasks", { signal })).rejects.toHaveProperty("name", "AbortError");
  });
});
