import { expect, onTestFinished, test, vi } from "vitest";
import { createFakeApi, openTab } from "./fake-api.js";

const unavailable = (retryAfter: string) => () =>
  Response.json(
    { code: "database-unavailable", title: "The database cannot be reached", requestId: "request-1" },
    { status: 503, headers: { "retry-after": retryAfter } },
  );

test("retries a 503 twice, then throws it with its request id and Retry-After", async () => {
  const api = createFakeApi();
  const waits: number[] = [];
  api.respond = unavailable("0");
  await expect(openTab(api, (seconds) => waits.push(seconds)).api.GET("/api/health")).rejects.toMatchObject({
    code: "database-unavailable",
    status: 503,
    title: "The database cannot be reached",
    requestId: "request-1",
    retryAfter: 0,
  });
  expect(api.requests).toHaveLength(3);
  expect(waits).toEqual([0, 0]);
});

test.each(["11", "60", ""])("throws a 503 with Retry-After %j without a retry", async (retryAfter) => {
  const api = createFakeApi();
  api.respond = unavailable(retryAfter);
  await expect(openTab(api).api.GET("/api/health")).rejects.toMatchObject({ status: 503 });
  expect(api.requests).toHaveLength(1);
});

test("throws a 429 without a retry, and keeps the session as it is", async () => {
  const api = createFakeApi();
  api.respond = () =>
    Response.json(
      { code: "rate-limited", title: "Too many requests", requestId: "request-1" },
      { status: 429, headers: { "retry-after": "1" } },
    );
  const latchkey = openTab(api);
  const before = latchkey.session.get();
  await expect(latchkey.api.GET("/api/health")).rejects.toMatchObject({
    code: "rate-limited",
    retryAfter: 1,
  });
  expect(api.requests).toHaveLength(1);
  expect(latchkey.session.get()).toEqual(before);
});

test("reads a Retry-After that is a date", async () => {
  const api = createFakeApi();
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  api.respond = () => new Response("", { status: 429, headers: { "retry-after": inAMinute } });
  const { retryAfter } = await openTab(api)
    .api.GET("/api/health")
    .catch((error) => error);
  expect(retryAfter).toBeGreaterThan(50);
  expect(retryAfter).toBeLessThanOrEqual(60);
});

test("throws `network` when the server cannot be reached", async () => {
  const api = createFakeApi();
  api.respond = () => Promise.reject(new TypeError("Failed to fetch"));
  const latchkey = openTab(api);
  const expected = { code: "network", status: 0, title: "The server could not be reached" };
  await expect(latchkey.api.GET("/api/health")).rejects.toMatchObject(expected);
  expect(latchkey.session.get()).toEqual({ state: "unknown" });
});

test("throws `network` when the connection breaks in the middle of the body", async () => {
  const api = createFakeApi();
  const broken = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('{"data":['));
      controller.error(new TypeError("terminated"));
    },
  });
  api.respond = () => new Response(broken);
  await expect(openTab(api).api.GET("/api/health")).rejects.toMatchObject({ code: "network" });
});

test("throws `timeout` when the server takes too long", async () => {
  const api = createFakeApi();
  const spy = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
  onTestFinished(() => spy.mockRestore());
  api.respond = ({ signal }) => Promise.reject(signal.reason);
  await expect(openTab(api).api.GET("/api/health")).rejects.toMatchObject({ code: "timeout", status: 0 });
});

test("throws `unexpected` when a captive portal responds with its own page", async () => {
  const api = createFakeApi();
  api.respond = () => new Response("<h1>Sign in to the hotel's network</h1>");
  const expected = { code: "unexpected", status: 200, title: "Unexpected response" };
  await expect(openTab(api).api.GET("/api/health")).rejects.toMatchObject(expected);
});

test.each([
  { name: "an empty body", respond: () => new Response("") },
  { name: "null", respond: () => Response.json(null) },
  { name: "JSON of a captive portal", respond: () => Response.json({ welcome: "to the hotel" }) },
])("throws `unexpected` when a refresh returns $name", async ({ respond }) => {
  const api = createFakeApi();
  api.respond = respond;
  const latchkey = openTab(api);
  await expect(latchkey.api.GET("/api/tasks")).rejects.toMatchObject({ code: "unexpected" });
  expect(api.requests.map(({ url }) => url)).toEqual(["http://api.test/api/auth/refresh"]);
  expect(latchkey.session.get()).toEqual({ state: "unknown" });
});

test("finds the message for a member of the body by its pointer", async () => {
  const api = createFakeApi();
  const errors = [{ pointer: "/email", message: "must be an email address" }];
  api.respond = () => Response.json({ code: "invalid-request", errors }, { status: 422 });
  const body = { email: "ada", password: "short", name: "Ada" };
  const problem = await openTab(api)
    .api.POST("/api/auth/register", { body })
    .catch((error) => error);
  expect(problem.messageAt("/email")).toBe("must be an email address");
  expect(problem.messageAt("/name")).toBeUndefined();
});
