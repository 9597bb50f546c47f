import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registrationSeconds } from "../../../lib/auth/limits.js";
import { seedRegistration } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedTokens, newEmail, register, signUp, subjects } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const resend = (email: string) => stack.client().post("/api/auth/resend-verification", { email });
const verify = (json: { token?: string | undefined; registration: string }) =>
  stack.client().post("/api/auth/verify-email", json);
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

describe("POST /api/auth/resend-verification", () => {
  test("emails the link of the newest sign-up again, which still works in the browser of either", async () => {
    const email = newEmail();
    const first = await register(stack, { email });
    const [older = ""] = await emailedTokens(stack, email, subjects.verify, 1);
    await register(stack, { email });
    const [newer] = await emailedTokens(stack, email, subjects.verify, 2);
    expect((await resend(` ${email.toUpperCase()}`)).status).toBe(202);
    const tokens = await emailedTokens(stack, email, subjects.verify, 3);
    expect(tokens.sort()).toEqual([older, newer, newer].sort());
    expect((await verify({ token: newer, registration: first.registration })).status).toBe(200);
    expect((await login(email, first.password)).status).toBe(200);
  });

  test("does not extend the lifetime of the sign-up", async () => {
    const { email, id, token, registration } = await seedRegistration(stack);
    const age = (seconds: number) =>
      stack.sql(
        "update registrations set expires_at = expires_at - make_interval(secs => $1) where id = $2",
        [seconds, id],
      );
    await age(registrationSeconds - 60);
    await resend(email);
    expect(await emailedTokens(stack, email, subjects.verify, 1)).toEqual([token]);
    await age(60);
    expect((await verify({ token, registration })).code).toBe("invalid-link");
  });

  test("emails the spelling of the sign-up, not the one of the request", async () => {
    const { email } = await seedRegistration(stack, { email: `Ada.${newEmail()}` });
    await resend(email.toLowerCase());
    expect((await stack.mailbox.waitForMail(email, { subject: subjects.verify })).to).toBe(email);
  });

  test("sends a notice without a link to an address that has an account", async () => {
    const { email } = await signUp(stack);
    await resend(email);
    const notice = await stack.mailbox.waitForMail(email, { subject: subjects.alreadyRegistered });
    expect(notice.text).not.toContain("#token=");
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(email)).toHaveLength(2);
  });

  test("sends nothing to an address that did not sign up, or whose sign-up has expired", async () => {
    const { email, id } = await seedRegistration(stack);
    await stack.sql("update registrations set expires_at = now() where id = $1", [id]);
    for (const address of [email, newEmail()]) {
      expect((await resend(address)).status).toBe(202);
      await stack.waitUntilIdle();
      expect(await stack.mailbox.mails(address)).toEqual([]);
    }
    const unsent =
      "select sent_at from outbox where recipient is null and (sent_at is null or link_id is not null)";
    expect(await stack.sql(unsent)).toEqual([]);
  });
});
