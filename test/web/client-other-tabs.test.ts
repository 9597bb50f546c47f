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

const credentialsOf = ({ email, password }: TestUser) => ({ email, password });

/** Two tabs of Ada's browser. The response to a refresh of the slow one is held. */
async function openSlowTab() {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const slow = openTab(stack, jar);
  await slow.resume();
  advanceClock(almostExpiredSeconds);
  const { held, release } = holdResponse(jar, refreshPath);
  const call = slow.api.POST("/api/tasks", { body: { title: "From the slow tab" } });
  // Handled here, because the request may fail before the test awaits it.
  call.catch(() => {});
  await held;
  return { jar, latchkey, slow, call, release };
}

describe("a slow refresh of another tab", () => {
  test("does not replace the cookie of another user's sign-in, and its request fails", async () => {
    const { jar, latchkey, slow, call, release } = await openSlowTab();
    await latchkey.signIn(credentialsOf(grace));
    release();
    expect((await problemFrom(call)).code).toBe("session-ended");
    await waitUntil(() => slow.session.get().state === "signed-in");
    expect(slow.session.get()).toMatchObject({ user: { id: grace.id } });
    await pause();
    expect((await openTab(stack, jar).resume())?.id).toBe(grace.id);
  });

  test("does not replace the cookie of the same user's sign-in, and its request continues", async () => {
    const { jar, latchkey, slow, call, release } = await openSlowTab();
    await latchkey.signIn(credentialsOf(ada));
    release();
    expect((await call).response.status).toBe(201);
    expect(slow.session.get()).toMatchObject({ state: "signed-in", user: { id: ada.id } });
    expect((await openTab(stack, jar).resume())?.id).toBe(ada.id);
  });

  test("continues after a sign-in that fails", async () => {
    const { latchkey, slow, call, release } = await openSlowTab();
    const problem = await problemFrom(latchkey.signIn({ email: ada.email, password: "a wrong password" }));
    expect(problem.code).toBe("invalid-credentials");
    release();
    expect((await call).response.status).toBe(201);
    expect(slow.session.get().state).toBe("signed-in");
  });

  test("leaves no cookie behind after a sign-out, and its request fails", async () => {
    const { jar, latchkey, slow, call, release } = await openSlowTab();
    await latchkey.signOut();
    release();
    expect((await problemFrom(call)).code).toBe("session-ended");
    expect(slow.session.get()).toEqual({ state: "signed-out", reason: "signed-out" });
    await pause();
    expect(hasSessionCookie(jar)).toBe(false);
  });

  test("continues after a sign-out that fails", async () => {
    const { jar, latchkey, slow, call, release } = await openSlowTab();
    failRequests(jar, "/api/auth/logout");
    expect((await problemFrom(latchkey.signOut())).code).toBe("network");
    release();
    expect((await call).response.status).toBe(201);
    expect(slow.session.get().state).toBe("signed-in");
  });
});

test("a refresh that becomes due during a sign-in of another tab waits for the new cookie", async () => {
  const { jar, latchkey } = await openSignedInTab(stack, ada);
  const other = openTab(stack, jar);
  await other.resume();
  advanceClock(almostExpiredSeconds);
  const { held, release } = holdRequest(jar, "/api/auth/login");
  const signedIn = latchkey.signIn(credentialsOf(ada));
  await held;
  await pause();
  jar.sent.length = 0;
  const call = other.api.GET("/api/tasks");
  await pause();
  expect(jar.sent).toEqual([]);
  release();
  await signedIn;
  expect((await call).response.status).toBe(200);
  expect(jar.sent).toEqual([`POST ${refreshPath}`, "GET /api/tasks"]);
});
