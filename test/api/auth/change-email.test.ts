import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { seedClosing, seedEmailChange, seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, emailedTokens, newEmail, register, signUp, subjects } from "../../stack/users.js";
import { addressOf, changeAddress, confirmChange, login, requestChange } from "./address-changes.js";
import { accountRows, liveSessions } from "./password-changes.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = (token: string) => stack.client().get("/api/auth/me", { token });
const kindsTo = async (email: string) => (await stack.mailbox.mails(email)).map(({ subject }) => subject);

describe("POST /api/auth/change-email", () => {
  test("changes nothing until the link in the new mailbox is used", async () => {
    const ada = await seedUser(stack);
    const email = newEmail();
    expect((await requestChange(ada, email)).status).toBe(202);
    expect(await addressOf(stack, ada)).toBe(ada.email);
    expect((await login(stack, email, ada.password)).code).toBe("invalid-credentials");

    const token = await emailedToken(stack, email, subjects.confirmNew);
    expect((await confirmChange(stack, token)).status).toBe(200);
    expect((await me(ada.token)).json.email).toBe(email);
    expect((await login(stack, email, ada.password)).status).toBe(200);
    expect((await login(stack, ada.email, ada.password)).code).toBe("invalid-credentials");
  });

  // @proof change-email-tells-old-address
  test("tells the current address, without naming the new one", async () => {
    const ada = await seedUser(stack);
    const email = newEmail();
    await requestChange(ada, email);
    const notice = await stack.mailbox.waitForMail(ada.email, { subject: subjects.changeRequested });
    expect(notice.text).not.toContain(email);
    expect(notice.text).toContain("/not-me#token=");
    const { events } = await accountRows(stack, ada);
    expect(events.map(({ kind }) => kind)).toEqual(["email-change-requested"]);
  });

  test("replaces the link of an earlier request", async () => {
    const ada = await seedUser(stack);
    const [first, second] = [newEmail(), newEmail()];
    await requestChange(ada, first);
    const replaced = await emailedToken(stack, first, subjects.confirmNew);
    await requestChange(ada, second);
    expect((await confirmChange(stack, replaced)).code).toBe("invalid-link");
    const token = await emailedToken(stack, second, subjects.confirmNew);
    expect((await confirmChange(stack, token)).status).toBe(200);
    expect(await addressOf(stack, ada)).toBe(second);
  });

  test("sends nothing for the current address", async () => {
    const ada = await seedUser(stack);
    const before = await accountRows(stack, ada);
    expect((await requestChange(ada, ada.email)).status).toBe(202);
    expect(await accountRows(stack, ada)).toEqual(before);
  });

  test("applies another spelling of the current address by link", async () => {
    const ada = await seedUser(stack);
    const spelling = ada.email.toUpperCase();
    expect((await requestChange(ada, spelling)).status).toBe(202);
    const token = await emailedToken(stack, spelling, subjects.confirmNew);
    expect((await confirmChange(stack, token)).status).toBe(200);
    expect(await addressOf(stack, ada)).toBe(spelling);
    expect((await login(stack, ada.email, ada.password)).status).toBe(200);
  });

  // @proof change-email-taken-address
  test("tells only the owner of a taken address that it is taken", async () => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const [taken, free] = [await requestChange(ada, grace.email), await requestChange(ada, newEmail())];
    expect([taken.status, taken.text]).toEqual([free.status, free.text]);
    await stack.mailbox.waitForMail(grace.email, { subject: subjects.alreadyRegistered });
    expect(await kindsTo(grace.email)).toEqual([subjects.alreadyRegistered]);
    expect(await addressOf(stack, grace)).toBe(grace.email);
  });

  test("gives the address of a waiting sign-up to the account", async () => {
    const ada = await seedUser(stack);
    const stranger = await register(stack);
    const token = await emailedToken(stack, stranger.email, subjects.verify);
    await changeAddress(stack, ada, stranger.email);
    const json = { token, registration: stranger.registration };
    const confirmed = await stranger.client.post("/api/auth/verify-email", json);
    expect(confirmed.code).toBe("password-required");
  });

  test("keeps the sessions of the account", async () => {
    const ada = await seedUser(stack);
    await changeAddress(stack, ada);
    expect(await liveSessions(stack, ada)).toEqual([ada.sessionId]);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });
});

describe("POST /api/auth/confirm-email", () => {
  // @proof email-change-tells-both
  test("tells both addresses, and a repeated request tells nobody again", async () => {
    const ada = await seedUser(stack);
    const email = newEmail();
    await requestChange(ada, email);
    const token = await emailedToken(stack, email, subjects.confirmNew);
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect((await confirmChange(stack, token)).status).toBe(200);
    for (const address of [ada.email, email])
      expect(await emailedTokens(stack, address, subjects.addressChanged, 1)).toHaveLength(1);
    const { events } = await accountRows(stack, ada);
    expect(events.map(({ kind }) => kind)).toEqual(["email-change-requested", "email-changed"]);
  });

  // @proof email-change-voids-links
  test("voids the other open links of the account", async () => {
    const ada = await seedUser(stack);
    const reset = await seedResetLink(stack, ada.id);
    await changeAddress(stack, ada);
    const json = { token: reset, password: "another good password 7" };
    expect((await stack.client().post("/api/auth/reset-password", json)).code).toBe("invalid-link");
  });

  test("refuses a link that a reset has voided, and one that has expired", async () => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const [first, second] = [newEmail(), newEmail()];
    await requestChange(ada, first);
    const voided = await emailedToken(stack, first, subjects.confirmNew);
    const json = { token: await seedResetLink(stack, ada.id), password: "another good password 7" };
    expect((await stack.client().post("/api/auth/reset-password", json)).status).toBe(204);
    expect((await confirmChange(stack, voided)).code).toBe("invalid-link");

    await requestChange(grace, second);
    const expired = await emailedToken(stack, second, subjects.confirmNew);
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $2) where user_id = $1",
      [grace.id, linkSeconds["change-email"]],
    );
    expect((await confirmChange(stack, expired)).code).toBe("invalid-link");
  });

  test("refuses the link of a banned account", async () => {
    const ada = await seedUser(stack);
    const email = newEmail();
    await requestChange(ada, email);
    const token = await emailedToken(stack, email, subjects.confirmNew);
    await stack.sql("update users set banned_at = now() where id = $1", [ada.id]);
    expect((await confirmChange(stack, token)).code).toBe("invalid-link");
  });

  test("refuses a used link while the account is closed", async () => {
    const ada = await seedUser(stack);
    const token = await seedEmailChange(stack, ada.id, newEmail());
    expect((await confirmChange(stack, token)).status).toBe(200);
    await seedClosing(stack, ada.id);
    expect((await confirmChange(stack, token)).code).toBe("invalid-link");
  });

  test("refuses the new address as a password", async () => {
    const ada = await signUp(stack);
    const email = await changeAddress(stack, ada);
    const json = { currentPassword: ada.password, newPassword: email };
    const response = await ada.client.post("/api/auth/change-password", json, { token: ada.token });
    expect([response.status, response.json.errors?.[0]?.pointer]).toEqual([422, "/newPassword"]);
  });
});
