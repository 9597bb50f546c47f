import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword } from "../stack/users.js";
import {
  advanceClock,
  almostExpiredSeconds,
  countRefreshes,
  holdRequest,
  holdResponse,
  openSignedInTab,
  openTab,
  problemFrom,
} from "./client-tab.js";

const path = "/api/auth/change-password";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

async function signedInTab() {
  const person = await seedUser(stack);
  const newPassword = goodPassword();
  const tab = await openSignedInTab(stack, person);
  return { ...tab, person, passwords: { currentPassword: person.password, newPassword } };
}
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("latchkey.changePassword", () => {
  test("keeps all tabs of the browser signed in, through later refreshes too", async () => {
    const { jar, latchkey, passwords } = await signedInTab();
    const other = openTab(stack, jar);
    await other.resume();
    await latchkey.changePassword(passwords);
    expect((await other.api.GET("/api/tasks")).response.status).toBe(200);
    advanceClock(almostExpiredSeconds);
    for (const tab of [latchkey, other]) {
      expect((await tab.api.GET("/api/tasks")).response.status).toBe(200);
      expect(tab.session.get().state).toBe("signed-in");
    }
    expect(countRefreshes(jar)).toBeGreaterThanOrEqual(2);
  });

  test("signs the other browser out at its next request", async () => {
    const { latchkey, person, passwords } = await signedInTab();
    const { latchkey: elsewhere } = await openSignedInTab(stack, person);
    await latchkey.changePassword(passwords);
    expect((await problemFrom(elsewhere.api.GET("/api/tasks"))).code).toBe("session-ended");
    expect(elsewhere.session.get()).toEqual({ state: "signed-out", reason: "session-ended" });
  });

  test("refreshes an almost expired token first", async () => {
    const { jar, latchkey, passwords } = await signedInTab();
    advanceClock(almostExpiredSeconds);
    await latchkey.changePassword(passwords);
    expect(jar.sent).toEqual(["POST /api/auth/refresh", `POST ${path}`]);
  });

  test("keeps the user signed in when the current password is wrong", async () => {
    const { jar, latchkey, passwords } = await signedInTab();
    const guess = { ...passwords, currentPassword: goodPassword() };
    const problem = await problemFrom(latchkey.changePassword(guess));
    expect(problem.messageAt("/currentPassword")).toBe("is wrong");
    expect(latchkey.session.get().state).toBe("signed-in");
    expect(jar.sent).toEqual([`POST ${path}`]);
  });

  test("succeeds by itself when the database's response was lost", async () => {
    const { latchkey, passwords } = await signedInTab();
    await stack.neon.inject(stack.databaseName, {
      fault: { kind: "lost" },
      times: 1,
      match: "changed_user as",
    });
    await latchkey.changePassword(passwords);
    advanceClock(almostExpiredSeconds);
    expect((await latchkey.api.GET("/api/tasks")).response.status).toBe(200);
  });
});

describe("a refresh of another tab", () => {
  test("waits for the new cookie when it becomes due during the change", async () => {
    const { jar, latchkey, passwords } = await signedInTab();
    const other = openTab(stack, jar);
    await other.resume();
    const { held, release } = holdRequest(jar, path);
    const changed = latchkey.changePassword(passwords);
    await held;
    await pause();
    jar.sent.length = 0;
    advanceClock(almostExpiredSeconds);
    const call = other.api.GET("/api/tasks");
    await pause();
    expect(jar.sent).toEqual([]);
    release();
    await changed;
    expect((await call).response.status).toBe(200);
  });

  test("does not replace the new cookie when it is slow, and its request continues", async () => {
    const { jar, latchkey, passwords } = await signedInTab();
    const slow = openTab(stack, jar);
    await slow.resume();
    advanceClock(almostExpiredSeconds);
    await latchkey.api.GET("/api/tasks");
    const { held, release } = holdResponse(jar, "/api/auth/refresh");
    const call = slow.api.POST("/api/tasks", { body: { title: "From the slow tab" } });
    await held;
    await latchkey.changePassword(passwords);
    release();
    expect((await call).response.status).toBe(201);
    expect((await openTab(stack, jar).resume())?.id).toBeDefined();
  });
});
