import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFakeApi, credentials, type FakeApi, loginResponse, openTab, pathsOf } from "./fake-api.js";

/** A browser whose storage is empty. */
beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

const endedResponse = () => Response.json({ code: "session-ended" }, { status: 401 });
const signedOut = { state: "signed-out", reason: "none" };

function acceptCookie(api: FakeApi, userId = "ada"): void {
  api.respond = ({ url }) => Response.json(url.endsWith("/refresh") ? loginResponse() : { id: userId });
}

test("returns null immediately without a hint, and asks the server once in the background", async () => {
  const api = createFakeApi();
  api.respond = endedResponse;
  const latchkey = openTab(api);
  const states: unknown[] = [];
  latchkey.session.subscribe((session) => states.push(session));
  expect(await latchkey.resume()).toBeNull();
  expect(latchkey.session.get()).toEqual(signedOut);
  await vi.waitFor(() => expect(pathsOf(api)).toEqual(["/api/auth/refresh"]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pathsOf(api)).toEqual(["/api/auth/refresh"]);
  // A second change would render the sign-in form again.
  expect(states).toEqual([signedOut]);
});

test("signs in without a hint when the cookie is alive, and writes the hint", async () => {
  const api = createFakeApi();
  acceptCookie(api);
  const latchkey = openTab(api);
  expect(await latchkey.resume()).toBeNull();
  await vi.waitFor(() => expect(latchkey.session.get()).toEqual({ state: "signed-in", user: { id: "ada" } }));
  expect(pathsOf(api)).toEqual(["/api/auth/refresh", "/api/auth/me"]);
  await latchkey.api.GET("/api/tasks");
  expect(pathsOf(api)).toEqual(["/api/auth/refresh", "/api/auth/me", "/api/tasks"]);
  expect(await openTab(api).resume()).toEqual({ id: "ada" });
});

test("asks once, however often it is called", async () => {
  const api = createFakeApi();
  acceptCookie(api);
  const latchkey = openTab(api);
  await Promise.all([latchkey.resume(), latchkey.resume()]);
  await vi.waitFor(() => expect(latchkey.session.get().state).toBe("signed-in"));
  expect(pathsOf(api)).toEqual(["/api/auth/refresh", "/api/auth/me"]);
});

test.each(["/api/auth/refresh", "/api/auth/me"])(
  "a sign-in takes precedence over a background check that waits for %s",
  async (held) => {
    const api = createFakeApi();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    api.respond = async ({ url }) => {
      if (url.endsWith(held)) await released;
      return Response.json(url.endsWith("/refresh") ? loginResponse() : { id: "grace" });
    };
    const latchkey = openTab(api);
    await latchkey.resume();
    await vi.waitFor(() => expect(pathsOf(api)).toContain(held));
    await latchkey.signIn(credentials);
    release();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(latchkey.session.get()).toEqual({ state: "signed-in", user: { id: "ada" } });
  },
);
