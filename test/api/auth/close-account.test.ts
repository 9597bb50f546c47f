import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "../../../lib/audit/verify.js";
import { closedAccountDays } from "../../../lib/auth/limits.js";
import { databaseOf, ringOf } from "../../audit/chained-events.js";
import { seedClosedUser, seedRegistration, seedResetLink, seedTask, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  emailedTokens,
  goodPassword,
  signIn,
  subjects,
  type TestUser,
} from "../../stack/users.js";
import { eventsAbout } from "../admin/admin-events.js";
import { clearsCookie, hasSessionCookie } from "./cookies.js";
import { eventsOf, userAgents } from "./own-sessions.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const close = ({ client, token }: TestUser, headers = {}) =>
  client.delete("/api/auth/me", { token, headers });
const restore = (token: string) => stack.client().post("/api/auth/restore", { token });
const isClosed = async ({ id }: TestUser) => {
  const [row] = await stack.sql("select closed_at is not null as closed from users where id = $1", [id]);
  return row?.["closed"];
};

describe("DELETE /api/auth/me", () => {
  // @proof closed-account-is-shut
  test("ends every session, clears the cookie, voids open links and refuses everything that worked before", async () => {
    const ada = await seedUser(stack);
    await seedTask(stack, ada.id);
    const other = await signIn({ ...ada, client: stack.client() });
    const reset = await seedResetLink(stack, ada.id);
    const response = await close(ada);
    expect(response.status).toBe(202);
    expect(clearsCookie(response)).toBe(true);
    expect(hasSessionCookie(ada.client)).toBe(false);
    for (const token of [ada.token, other.token]) {
      for (const path of ["/api/auth/me", "/api/auth/sessions", "/api/tasks"])
        expect((await stack.client().get(path, { token })).code, path).toBe("session-ended");
      const task = await stack.client().post("/api/tasks", { title: "Late" }, { token });
      expect(task.code).toBe("session-ended");
      const { password } = ada;
      expect((await stack.client().post("/api/auth/step-up", { password }, { token })).code).toBe(
        "session-ended",
      );
    }
    const refreshed = await other.client.post("/api/auth/refresh");
    expect([refreshed.code, refreshed.setCookies]).toEqual(["session-ended", []]);
    const credentials = { email: ada.email, password: ada.password };
    expect((await stack.client().post("/api/auth/login", credentials)).code).toBe("invalid-credentials");
    const resetting = { token: reset, password: goodPassword() };
    expect((await stack.client().post("/api/auth/reset-password", resetting)).code).toBe("invalid-link");
  });

  test("says when the data is deleted, sends the link that restores it, and records the closing", async () => {
    const ada = await seedUser(stack);
    const { json } = await close(ada, { "user-agent": userAgents.chrome });
    const days = (Date.parse(json.purgeAt) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(closedAccountDays, 2);
    const email = await stack.mailbox.waitForMail(ada.email, { subject: subjects.closed });
    expect(email.text).toContain("Device: Chrome on Windows");
    expect(await eventsOf(stack, ada)).toMatchObject([
      { kind: "account-closed", sessionId: ada.sessionId, browser: "Chrome" },
    ]);
  });

  test("gets session-ended when it is repeated, and records the closing once", async () => {
    const ada = await seedUser(stack);
    await close(ada);
    expect((await close(ada)).code).toBe("session-ended");
    expect(await eventsOf(stack, ada)).toHaveLength(1);
  });

  test("keeps the account open when the database fails", async () => {
    const ada = await seedUser(stack);
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "refuse" } });
    const failed = await close(ada);
    expect([failed.code, failed.setCookies]).toEqual(["database-unavailable", []]);
    expect(await isClosed(ada)).toBe(false);
  });

  // @proof closed-account-has-no-reset
  test("refuses a reset link that a concurrent request has made for the closed account", async () => {
    const ada = await seedClosedUser(stack);
    const json = { token: await seedResetLink(stack, ada.id), password: goodPassword() };
    expect((await stack.client().post("/api/auth/reset-password", json)).code).toBe("invalid-link");
  });

  // @proof closed-account-has-no-confirmation
  test("refuses a confirmation of the address by the browser that signed up, and by its password", async () => {
    const { token, registration, email, password } = await seedRegistration(stack);
    const client = stack.client();
    const json = { token, registration };
    const confirmed = await client.post("/api/auth/verify-email", json);
    await client.delete("/api/auth/me", { token: String(confirmed.json.accessToken) });
    for (const body of [json, { token, password }, { token }])
      expect((await client.post("/api/auth/verify-email", body)).code).toBe("invalid-link");
    expect(await stack.sql("select closed_at is null as open from users where email = $1", [email])).toEqual([
      { open: false },
    ]);
  });
});

describe("the mailbox of a closed account", () => {
  test.each([
    ["/api/auth/register", (email: string) => ({ email, password: goodPassword(), name: "Ada" })],
    ["/api/auth/forgot-password", (email: string) => ({ email })],
    ["/api/auth/resend-verification", (email: string) => ({ email })],
  ])("gets the link that restores the account again after %s", async (path, body) => {
    const ada = await seedUser(stack);
    await close(ada);
    const first = await emailedToken(stack, ada.email, subjects.closed);
    expect((await stack.client().post(path, body(ada.email))).status).toBe(202);
    expect(await emailedTokens(stack, ada.email, subjects.closed, 2)).toEqual([first, first]);
    const mails = await stack.mailbox.mails(ada.email);
    expect(mails.map(({ subject }) => subject)).toEqual([subjects.closed, subjects.closed]);
    expect((await restore(first)).status).toBe(200);
  });

  test.each(["register", "forgot-password", "resend-verification"])(
    "gets no email from %s once the purge is due",
    async (name) => {
      const ada = await seedUser(stack);
      await close(ada);
      await emailedToken(stack, ada.email, subjects.closed);
      await stack.sql("update links set expires_at = now() where user_id = $1", [ada.id]);
      const { email } = ada;
      const body = name === "register" ? { email, password: goodPassword(), name: "Ada" } : { email };
      expect((await stack.client().post(`/api/auth/${name}`, body)).status).toBe(202);
      await stack.waitUntilIdle();
      expect(await stack.mailbox.mails(email)).toHaveLength(1);
      const sql = "select recipient from outbox where user_id = $1 order by created_at";
      expect(await stack.sql(sql, [ada.id])).toEqual([{ recipient: email }, { recipient: null }]);
    },
  );
});

describe("DELETE /api/auth/me of an admin", () => {
  // @proof last-admin-cannot-leave
  test("is refused for the last admin who is neither banned nor closed, and records the others", async () => {
    await stack.sql("update users set role = 'user'");
    const [ada, grace] = [await seedUser(stack, { role: "admin" }), await seedUser(stack, { role: "admin" })];
    await seedUser(stack, { role: "admin", isBanned: true });
    expect((await close(grace)).status).toBe(202);
    const refused = await close(ada);
    expect([refused.status, refused.code, refused.setCookies]).toEqual([409, "last-admin", []]);
    expect(await isClosed(ada)).toBe(false);
    expect(await eventsOf(stack, ada)).toEqual([]);
    const change = (members: object) =>
      ada.client.patch(`/api/admin/users/${ada.id}`, members, { token: ada.token });
    expect((await change({ role: "user" })).code).toBe("last-admin");
    const [event] = await eventsAbout(ada, grace);
    expect(event).toMatchObject({
      action: "closed",
      actor: { id: grace.id },
      before: { closedAt: null },
      after: { closedAt: expect.any(String) },
    });
    const shown = await ada.client.get(`/api/admin/users/${grace.id}`, { token: ada.token });
    expect(shown.json.closedAt).toBe(event?.after?.closedAt);
    await restore(await emailedToken(stack, grace.email, subjects.closed));
    expect((await eventsAbout(ada, grace))[0]).toMatchObject({ action: "restored", actor: null });
    expect((await close(ada)).status).toBe(202);
    const faults = await verifyAudit({ ring: ringOf(stack), open: () => databaseOf(stack) });
    expect(faults.faults).toEqual([]);
  });

  test("leaves no email about new admins to a closed one", async () => {
    const [ada, grace] = [await seedUser(stack, { role: "admin" }), await seedUser(stack, { role: "admin" })];
    await close(grace);
    await emailedToken(stack, grace.email, subjects.closed);
    const newcomer = await seedUser(stack);
    const path = `/api/admin/users/${newcomer.id}`;
    expect((await ada.client.patch(path, { role: "admin" }, { token: ada.token })).status).toBe(200);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.adminAdded });
    await stack.waitUntilIdle();
    expect((await stack.mailbox.mails(grace.email)).map(({ subject }) => subject)).toEqual([subjects.closed]);
  });
});
