import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emailKey } from "../../../lib/auth/email-key.js";
import { budgets, notMeSeconds, reservedAddressSeconds } from "../../../lib/auth/limits.js";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { seedNotice, seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, notMeToken, signIn, subjects } from "../../stack/users.js";
import { addressOf, changeAddress, confirmChange, disavow, login, requestChange } from "./address-changes.js";
import { accountRows, liveSessions } from "./password-changes.js";
import { spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const reset = (token: string, password: string) =>
  stack.client().post("/api/auth/reset-password", { token, password });

describe("POST /api/auth/not-me", () => {
  // @proof not-me-recovers
  test("ends every session, voids the password, and sends a link for a new one", async () => {
    const ada = await seedUser(stack);
    await signIn({ ...ada, client: stack.client() });
    const token = await notMeToken(stack, ada.email, subjects.newDevice);
    const response = await disavow(stack, token);
    expect([response.status, response.json.repeated]).toEqual([200, false]);
    expect(response.text).not.toContain(ada.email);
    expect(await liveSessions(stack, ada)).toEqual([]);
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect((await login(stack, ada.email, ada.password)).code).toBe("invalid-credentials");

    const password = goodPassword();
    const link = await emailedToken(stack, ada.email, subjects.secured);
    expect((await reset(link, password)).status).toBe(204);
    expect((await login(stack, ada.email, password)).status).toBe(200);
    const { events } = await accountRows(stack, ada);
    expect(events.map(({ kind }) => kind)).toEqual(["login", "not-me", "password-reset", "login"]);
  });

  // @proof not-me-voids-links
  test("voids an open reset and a pending change of the address", async () => {
    const ada = await seedUser(stack);
    const email = newEmail();
    await requestChange(ada, email);
    const pending = await emailedToken(stack, email, subjects.confirmNew);
    const link = await seedResetLink(stack, ada.id);
    await disavow(stack, await notMeToken(stack, ada.email, subjects.changeRequested));
    expect((await confirmChange(stack, pending)).code).toBe("invalid-link");
    expect((await reset(link, goodPassword())).code).toBe("invalid-link");
    expect(await addressOf(stack, ada)).toBe(ada.email);
  });

  // @proof not-me-restores-address
  test.each(["previous", "new"])("restores the address for the reader of the %s mailbox", async (reader) => {
    const ada = await seedUser(stack);
    const changed = await changeAddress(stack, ada);
    const last = await changeAddress(stack, ada);
    const mailbox = reader === "new" ? last : changed;
    expect((await disavow(stack, await notMeToken(stack, mailbox, subjects.addressChanged))).status).toBe(
      200,
    );
    expect(await addressOf(stack, ada)).toBe(ada.email);
    const link = await emailedToken(stack, ada.email, subjects.secured);
    const password = goodPassword();
    expect((await reset(link, password)).status).toBe(204);
    expect((await login(stack, ada.email, password)).status).toBe(200);
    for (const address of [changed, last])
      expect((await login(stack, address, password)).code).toBe("invalid-credentials");
  });

  // @proof not-me-reopens-account
  test.each(["user", "admin"] as const)(
    "reopens the account of a closed %s, with its address",
    async (role) => {
      const ada = await seedUser(stack, { role });
      await seedUser(stack, { role: "admin" });
      await changeAddress(stack, ada);
      expect((await ada.client.delete("/api/auth/me", { token: ada.token })).status).toBe(202);
      const address = String(await addressOf(stack, ada));
      const restoration = await emailedToken(stack, address, subjects.closed);
      expect((await disavow(stack, await notMeToken(stack, address, subjects.closed))).status).toBe(200);
      const [row] = await stack.sql("select email, closed_at from users where id = $1", [ada.id]);
      expect(row).toEqual({ email: ada.email, closed_at: null });
      const recorded = await stack.sql(
        "select action, actor_id from admin_events where target_id = $1 order by id",
        [ada.id],
      );
      const expected = [
        { action: "closed", actor_id: ada.id },
        { action: "restored", actor_id: null },
      ];
      expect(recorded).toEqual(role === "admin" ? expected : []);
      // The link of the closing is void, and says what is true: the account is open.
      expect((await stack.client().post("/api/auth/restore", { token: restoration })).status).toBe(200);
      expect((await login(stack, ada.email, ada.password)).code).toBe("invalid-credentials");
    },
  );

  // @proof not-me-once
  test("does nothing for notices from before, also after the owner has signed in again", async () => {
    const ada = await seedUser(stack);
    const tokens = [await seedNotice(stack, ada), await seedNotice(stack, ada)];
    await disavow(stack, tokens[0] ?? "");
    const password = goodPassword();
    await reset(await emailedToken(stack, ada.email, subjects.secured), password);
    const owner = await signIn({ ...ada, password, client: stack.client() });
    for (const token of tokens) {
      const repeated = await disavow(stack, token);
      expect([repeated.status, repeated.json.repeated]).toEqual([200, true]);
    }
    expect((await owner.client.post("/api/auth/refresh")).status).toBe(200);
  });

  // @proof not-me-freezes-address
  test("keeps the address from changing", async () => {
    const ada = await seedUser(stack);
    await disavow(stack, await seedNotice(stack, ada));
    const password = goodPassword();
    await reset(await emailedToken(stack, ada.email, subjects.secured), password);
    const owner = await signIn({ ...ada, password, client: stack.client() });
    const response = await requestChange(owner, newEmail());
    expect([response.status, response.code]).toEqual([409, "email-change-frozen"]);
    const links = "select id from links where user_id = $1 and purpose = 'change-email'";
    expect(await stack.sql(links, [ada.id])).toEqual([]);
    const [row] = await stack.sql("select email_frozen_until from users where id = $1", [ada.id]);
    expect(response.json.detail).toContain(
      new Date(String(row?.["email_frozen_until"])).toISOString().slice(0, 16),
    );
    await stack.sql("update users set email_frozen_until = now() where id = $1", [ada.id]);
    expect((await requestChange(owner, newEmail())).status).toBe(202);
  });

  test("keeps a ban", async () => {
    const ada = await seedUser(stack, { isBanned: true });
    await disavow(stack, await seedNotice(stack, ada));
    const password = goodPassword();
    await reset(await emailedToken(stack, ada.email, subjects.secured), password);
    expect((await login(stack, ada.email, password)).code).toBe("account-banned");
  });

  test("refuses a link of an older notice, and one of an email that is not a notice", async () => {
    const ada = await seedUser(stack);
    const old = await seedNotice(stack, ada);
    await stack.sql("update outbox set created_at = now() - make_interval(secs => $2) where user_id = $1", [
      ada.id,
      notMeSeconds,
    ]);
    expect((await disavow(stack, old)).code).toBe("invalid-link");
    const other = await seedNotice(stack, ada);
    await stack.sql("update outbox set kind = 'already-registered' where user_id = $1", [ada.id]);
    expect((await disavow(stack, other)).code).toBe("invalid-link");
    expect(await liveSessions(stack, ada)).toEqual([ada.sessionId]);
  });

  test("gives the account back what strangers spent by guessing", async () => {
    const ada = await seedUser(stack);
    const charge = { budget: budgets.signInByAccount, subject: emailKey(ada.email) };
    await spendBudget(stack, charge);
    await disavow(stack, await seedNotice(stack, ada));
    await stack.waitUntilIdle();
    expect((await login(stack, ada.email, ada.password)).code).toBe("invalid-credentials");

    await spendBudget(stack, charge);
    const password = goodPassword();
    await reset(await emailedToken(stack, ada.email, subjects.secured), password);
    expect((await login(stack, ada.email, password)).status).toBe(200);
  });

  test("works for as long as the row of every notice stays", () => {
    const { noticeSeconds, keptSeconds } = outboxLimits;
    expect(noticeSeconds + keptSeconds).toBeGreaterThan(notMeSeconds);
    expect(reservedAddressSeconds).toBeGreaterThan(notMeSeconds);
  });
});
