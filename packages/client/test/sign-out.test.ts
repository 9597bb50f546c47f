import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Latchkey } from "../src/index.js";
import { writeGraceSeconds } from "../src/pending-requests.js";
import { createFakeApi, type FakeApi, openSignedInTab, pathsOf } from "./fake-api.js";

const isLogout = ({ url }: Request) => url.endsWith("/api/auth/logout");
const noResponse = () => new Promise<never>(() => {});

/** Holds every response except that of the sign-out. @returns a function that releases them */
function holdResponses(api: FakeApi): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  api.respond = async (request) => {
    if (!isLogout(request)) await released;
    return Response.json({});
  };
  return release;
}

/** Signs out with a clock that reaches the end of the wait for writes only when the test says so. */
async function signOut(latchkey: Latchkey) {
  const deadline = new AbortController();
  const spy = vi.spyOn(AbortSignal, "timeout");
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation((ms) =>
    ms === writeGraceSeconds * 1000 ? deadline.signal : new AbortController().signal,
  );
  const done = latchkey.signOut();
  await new Promise((resolve) => setTimeout(resolve));
  return { done, passDeadline: () => deadline.abort() };
}

const create = ({ api }: Latchkey) => api.POST("/api/tasks", { body: { title: "Water the plants" } });

describe("a sign-out", () => {
  test("aborts a read immediately, which then throws session-ended", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    api.respond = (request) => (isLogout(request) ? new Response(null, { status: 204 }) : noResponse());
    const read = expect(latchkey.api.GET("/api/tasks")).rejects.toMatchObject({ code: "session-ended" });
    await vi.waitFor(() => expect(pathsOf(api)).toEqual(["/api/tasks"]));
    await latchkey.signOut();
    await read;
    expect(api.requests[0]?.signal.aborted).toBe(true);
    expect(pathsOf(api)).toEqual(["/api/tasks", "/api/auth/logout"]);
  });

  test("waits for a write", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    const release = holdResponses(api);
    const write = create(latchkey);
    const { done } = await signOut(latchkey);
    expect(pathsOf(api)).toEqual(["/api/tasks"]);
    release();
    expect((await write).response.status).toBe(200);
    await done;
    expect(pathsOf(api)).toEqual(["/api/tasks", "/api/auth/logout"]);
  });

  test("waits for work of several requests, including those sent during the wait", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    const release = holdResponses(api);
    void latchkey.beforeSignOut(create(latchkey).then(() => create(latchkey)));
    const { done } = await signOut(latchkey);
    release();
    await done;
    expect(pathsOf(api)).toEqual(["/api/tasks", "/api/tasks", "/api/auth/logout"]);
  });

  test("continues after a write fails, and leaves the failure to its caller", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    api.respond = (request) =>
      isLogout(request)
        ? new Response(null, { status: 204 })
        : Promise.reject(new TypeError("Failed to fetch"));
    const write = expect(create(latchkey)).rejects.toMatchObject({ code: "network" });
    await latchkey.signOut();
    await write;
  });

  test("aborts a write that hangs for longer, so its response cannot arrive after the sign-out", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    holdResponses(api);
    const write = expect(create(latchkey)).rejects.toMatchObject({ code: "session-ended" });
    const { done, passDeadline } = await signOut(latchkey);
    passDeadline();
    await done;
    await write;
    expect(api.requests[0]?.signal.aborted).toBe(true);
    expect(pathsOf(api)).toEqual(["/api/tasks", "/api/auth/logout"]);
  });

  test("does not wait longer for other work that hangs", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    void latchkey.beforeSignOut(noResponse());
    const { done, passDeadline } = await signOut(latchkey);
    expect(pathsOf(api)).toEqual([]);
    passDeadline();
    await done;
  });

  test("aborts a request that starts while the server ends the session", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    let late: Promise<unknown> = Promise.resolve();
    api.respond = async (request) => {
      if (!isLogout(request)) return noResponse();
      late = expect(create(latchkey)).rejects.toMatchObject({ code: "session-ended" });
      await new Promise((resolve) => setTimeout(resolve));
      return new Response(null, { status: 204 });
    };
    await latchkey.signOut();
    await late;
  });

  test("survives closing the tab", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    await latchkey.api.GET("/api/tasks");
    await latchkey.signOut();
    expect(api.requests.map(({ keepalive }) => keepalive)).toEqual([false, true]);
  });

  test("that fails keeps the user signed in", async () => {
    const api = createFakeApi();
    const latchkey = await openSignedInTab(api);
    api.respond = () => Promise.reject(new TypeError("Failed to fetch"));
    await expect(latchkey.signOut()).rejects.toMatchObject({ code: "network" });
    expect(latchkey.session.get().state).toBe("signed-in");
    api.respond = () => Response.json({});
    await create(latchkey);
  });
});
