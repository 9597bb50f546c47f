import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasSessionCookie } from "../api/auth/cookies.js";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp, type TestUser } from "../stack/users.js";
import {
  advanceClock,
  almostExpiredSeconds,
  failRequests,
  holdRequest,
  holdResponse,
  openSignedInTab,
  openTab,
  pause,
  problemFrom,
  refreshPath,
  waitUntil,
} from "./client-tab.js";

let stack: Stack;
let ada: TestUser;
let grace: TestUser;

beforeAll(async () => {
  stack = await startStack();
  [ada, grace] = await Promise.all([signUp(stack), signUp(stack, { name: "Grace Hopper" })]);
});
afterAll(() => stack?.stop());

/** A tab that has sent a request, whose refresh has reached the server. Its response is held. */
async function openRefreshingTab(init: { signal?: AbortSignal } = {}) {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  advanceClock(almostExpiredSeconds);
  const { held, release } = holdResponse(jar, refreshPath);
  const call = latchkey.api.GET("/api/tasks", init);
  // Handled here, because the request may fail before the test awaits it.
  call.catch(() => {});
  await held;
  return { jar, latchkey, call, release };
}

describe("sign-out", () => {
  test("aborts a refresh in flight, so no cookie is left behind", async () => {
    const { jar, latchkey, call, release } = await openRefreshingTab();
    await latchkey.signOut();
    release();
    expect((await problemFrom(call)).code).toBe("session-ended");
    await pause();
    expect(latchkey.session.get()).toEqual({ state: "signed-out", reason: "signed-out" });
    expect(hasSessionCookie(jar)).toBe(false);
  });

  test("aborts a refresh in flight whose request was aborted", async () => {
    const abort = new AbortController();
    const { jar, latchkey, call, release } = await openRefreshingTab({ signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toHaveProperty("name", "AbortError");
    await latchkey.signOut();
    release();
    await pause();
    expect(hasSessionCookie(jar)).toBe(false);
  });

  test("waits for a request in flight, which the server then accepts", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    const { held, release } = holdRequest(jar, "/api/tasks");
    const call = latchkey.api.POST("/api/tasks", { body: { title: "Not lost" } });
    await held;
    const signedOut = latchkey.signOut();
    await pause();
    release();
    await signedOut;
    expect((await call).response.status).toBe(201);
    expect(jar.sent).toEqual(["POST /api/tasks", "POST /api/auth/logout"]);
  });

  test("continues after a request in flight fails", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    failRequests(jar, "/api/tasks");
    const call = problemFrom(latchkey.api.POST("/api/tasks", { body: { title: "Lost" } }));
    await latchkey.signOut();
    expect((await call).code).toBe("network");
    expect(latchkey.session.get().state).toBe("signed-out");
  });
});

describe("sign-in", () => {
  test("keeps its cookie when an older refresh ends later", async () => {
    const { jar, latchkey, call, release } = await openRefreshingTab();
    await latchkey.signIn({ email: grace.email, password: grace.password });
    release();
    expect((await problemFrom(call)).code).toBe("session-ended");
    await pause();
    expect((await openTab(stack, jar).resume())?.id).toBe(grace.id);
  });

  test("takes precedence over a user lookup that started before it", async () => {
    const { jar } = await openSignedInTab(stack, ada);
    const latchkey = openTab(stack, jar);
    const { held, release } = holdRequest(jar, "/api/auth/me");
    const resumed = latchkey.resume();
    await held;
    await latchkey.signIn({ email: grace.email, password: grace.password });
    release();
    expect((await resumed)?.id).toBe(grace.id);
    expect(latchkey.session.get()).toMatchObject({ user: { id: grace.id } });
  });

  test("of the same user survives a late refusal of the previous session", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    const other = openTab(stack, jar);
    await other.resume();
    advanceClock(almostExpiredSeconds);
    const { held, release } = holdRequest(jar, refreshPath);
    const call = problemFrom(latchkey.api.GET("/api/tasks"));
    await held;
    await other.signOut();
    await other.signIn({ email: ada.email, password: ada.password });
    await waitUntil(() => latchkey.session.get().state === "signed-in");
    release();
    expect((await call).code).toBe("session-ended");
    expect(latchkey.session.get()).toMatchObject({ state: "signed-in", user: { id: ada.id } });
    expect((await latchkey.api.GET("/api/tasks")).response.status).toBe(200);
  });

  test("of another user keeps the client from retrying a refused request in that user's name", async () => {
    const { jar, latchkey } = await openSignedInTab(stack, ada);
    const { held, release } = holdRequest(jar, "/api/tasks");
    const body = { title: "Ada's secret" };
    const call = problemFrom(latchkey.api.POST("/api/tasks", { body }));
    await held;
    // Ends Ada's session, so the server refuses her request.
    await openTab(stack, jar).signIn({ email: grace.email, password: grace.password });
    release();
    expect((await call).code).toBe("session-ended");
    expect(await stack.sql("select 1 from tasks where title = $1", [body.title])).toEqual([]);
    await waitUntil(() => latchkey.session.get().state === "signed-in");
    expect(latchkey.session.get()).toMatchObject({ user: { id: grace.id } });
  });
});
