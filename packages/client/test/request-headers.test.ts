import { expect, test } from "vitest";
import { openPaths } from "../src/open-paths.js";
import { createFakeApi, loginResponse, openSignedInTab, openTab } from "./fake-api.js";

const header = (request: Request | undefined, name: string) => request?.headers.get(name) ?? null;

test("sends the access token to a path that needs it", async () => {
  const api = createFakeApi();
  const latchkey = await openSignedInTab(api);
  await latchkey.api.GET("/api/tasks");
  expect(header(api.requests[0], "authorization")).toBe(`Bearer ${loginResponse().accessToken}`);
});

test("sends neither an access token nor an Idempotency-Key to open paths", async () => {
  expect(openPaths).toContain("/api/auth/forgot-password");
  const api = createFakeApi();
  const latchkey = await openSignedInTab(api);
  await latchkey.api.GET("/api/health");
  await latchkey.api.POST("/api/auth/forgot-password", { body: { email: "ada@example.com" } });
  expect(api.requests.map((request) => header(request, "authorization"))).toEqual([null, null]);
  expect(api.requests.map((request) => header(request, "idempotency-key"))).toEqual([null, null]);
});

test("calls an open path without a refresh when nobody is signed in", async () => {
  const api = createFakeApi();
  await openTab(api).api.GET("/api/ready");
  expect(api.requests.map(({ url }) => url)).toEqual(["http://api.test/api/ready"]);
});

test("gives each create its own Idempotency-Key, or keeps the caller's", async () => {
  const api = createFakeApi();
  const latchkey = await openSignedInTab(api);
  const body = { title: "Water the plants" };
  await latchkey.api.POST("/api/tasks", { body });
  await latchkey.api.POST("/api/tasks", { body });
  await latchkey.api.POST("/api/tasks", { params: { header: { "Idempotency-Key": "my-key" } }, body });
  const [first, second, third] = api.requests.map((request) => header(request, "idempotency-key"));
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).not.toBe(first);
  expect(third).toBe("my-key");
});
