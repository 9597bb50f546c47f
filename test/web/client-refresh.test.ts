import { dataOf } from "@latchkey/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp, type TestUser } from "../stack/users.js";
import {
  advanceClock,
  almostExpiredSeconds,
  countRefreshes,
  holdRequest,
  openSignedInTab,
  openTab,
  problemFrom,
  refreshPath,
} from "./client-tab.js";

let stack: Stack;
let ada: TestUser;

beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack?.stop());

const spoilToken = (request: Request) => request.headers.set("authorization", "Bearer no.such.token");

describe("the access token", () => {
  test("is refreshed shortly before it expires, once for all waiting requests", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    await Promise.all(Array.from({ length: 8 }, () => latchkey.api.GET("/api/tasks")));
    expect(countRefreshes(jar)).toBe(1);
    expect(jar.sent[0]).toBe(`POST ${refreshPath}`);
  });

  test("is refreshed once after a 401, and every refused request is retried", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    let spoiled = 4;
    jar.intercept = (request) => {
      if (request.headers.has("authorization") && spoiled-- > 0) spoilToken(request);
      return undefined;
    };
    await Promise.all(Array.from({ length: 4 }, () => latchkey.api.GET("/api/tasks")));
    expect(countRefreshes(jar)).toBe(1);
  });

  test("is not refreshed again when the server refuses the fresh token too", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    jar.intercept = (request) => {
      if (request.headers.has("authorization")) spoilToken(request);
      return undefined;
    };
    expect((await problemFrom(latchkey.api.GET("/api/tasks"))).code).toBe("unauthenticated");
    expect(jar.sent).toEqual(["GET /api/tasks", `POST ${refreshPath}`, "GET /api/tasks"]);
  });

  test("survives two tabs that refresh simultaneously, 50 times", async () => {
    const { jar } = await openSignedInTab(stack, ada);
    for (let round = 0; round < 50; round += 1) {
      const tabs = [openTab(stack, jar), openTab(stack, jar)];
      const users = await Promise.all(tabs.map((latchkey) => latchkey.resume()));
      const ids = users.map((user) => user?.id);
      expect(ids, `round ${round}`).toEqual([ada.id, ada.id]);
      for (const latchkey of tabs) latchkey.close();
    }
    expect(countRefreshes(jar)).toBe(100);
  }, 300_000);
});

describe("a refresh that fails", () => {
  test.each([
    { status: 429, code: "rate-limited", retryAfter: "40" },
    { status: 503, code: "database-unavailable", retryAfter: "0" },
  ])("with $status keeps the session, and the next request retries", async ({ status, code, retryAfter }) => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    jar.intercept = () => Response.json({ code }, { status, headers: { "retry-after": retryAfter } });
    const problem = await problemFrom(latchkey.api.GET("/api/tasks"));
    expect(problem).toMatchObject({ code, retryAfter: Number(retryAfter) });
    expect(countRefreshes(jar)).toBe(status === 503 ? 3 : 1);
    expect(jar.sent).toHaveLength(countRefreshes(jar));
    jar.intercept = undefined;
    await latchkey.api.GET("/api/tasks");
    expect(latchkey.session.get().state).toBe("signed-in");
  });

  test.each([
    {
      name: "without a connection",
      code: "network",
      respond: () => Promise.reject(new TypeError("offline")),
    },
    {
      name: "behind a captive portal",
      code: "unexpected",
      respond: () => Response.json({ welcome: "hotel" }),
    },
  ])("$name keeps the session", async ({ code, respond }) => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    advanceClock(almostExpiredSeconds);
    jar.intercept = respond;
    expect((await problemFrom(latchkey.api.GET("/api/tasks"))).code).toBe(code);
    expect(latchkey.session.get().state).toBe("signed-in");
  });
});

describe("the local clock", () => {
  test.each([-86_400, 86_400])("may be wrong by %i seconds", async (seconds) => {
    advanceClock(seconds);
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    await latchkey.api.GET("/api/tasks");
    expect(jar.sent).toEqual(["GET /api/tasks"]);
  });

  test("may run for hours while the tab sleeps: the first request refreshes once", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    advanceClock(5 * 3600);
    await latchkey.api.GET("/api/tasks");
    expect(jar.sent).toEqual([`POST ${refreshPath}`, "GET /api/tasks"]);
  });
});

test("an aborted request stops waiting for the refresh, which continues for the others", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  advanceClock(almostExpiredSeconds);
  const { held, release } = holdRequest(jar, refreshPath);
  const abort = new AbortController();
  const aborted = latchkey.api.GET("/api/tasks", { signal: abort.signal });
  const other = dataOf(latchkey.api.GET("/api/tasks"));
  await held;
  abort.abort();
  await expect(aborted).rejects.toHaveProperty("name", "AbortError");
  release();
  await other;
  expect(countRefreshes(jar)).toBe(1);
});
