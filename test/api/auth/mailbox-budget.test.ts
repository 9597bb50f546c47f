import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { mailboxCharge, mailboxKey } from "../../../lib/auth/mailbox-budget.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedTokens, goodPassword, newEmail, register, signUp, subjects } from "../../stack/users.js";
import { spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const { burst } = budgets.emailByMailbox;

/** Emails that were written for these addresses, sent or to be sent. */
const countEmails = async (pattern: string) => {
  const [row] = await stack.sql("select count(*)::int as count from outbox where recipient like $1", [
    pattern,
  ]);
  return row?.["count"];
};

test.each([
  ["Ada@Example.com", "ada@example.com"],
  ["ada+tasks@example.com", "ada@example.com"],
  ["ada+a+b@example.com", "ada@example.com"],
  ["a.d.a@example.com", "a.d.a@example.com"],
  ["a.d.a+x@gmail.com", "ada@gmail.com"],
  ["A.da@GoogleMail.com", "ada@gmail.com"],
  ["+ada@example.com", "+ada@example.com"],
])("%s leads to the mailbox %s", (address, mailbox) => {
  expect(mailboxKey(address)).toBe(mailbox);
});

describe("emails that strangers cause to one mailbox", () => {
  // @proof mailbox-budget-limits-emails
  test("share one budget, whatever the kind of request and the spelling", async () => {
    const name = `victim-${crypto.randomUUID()}`;
    for (let i = 0; i < burst; i += 1) {
      const email = `${name}+${i}@example.com`;
      await register(stack, { email });
      for (const path of ["/api/auth/resend-verification", "/api/auth/forgot-password"])
        expect((await stack.client().post(path, { email })).status).toBe(202);
    }
    expect(await countEmails(`${name}%`)).toBe(burst);
  });

  // @proof stranger-cannot-block-sign-up
  test("do not keep the owner of the address from signing up", async () => {
    const email = newEmail();
    for (let i = 0; i < burst; i += 1)
      await stack.client().post("/api/auth/register", { email, name: "Mallory", password: goodPassword() });
    const owner = await register(stack, { email });
    // No further email is sent, but each earlier link works together with the owner's own sign-up.
    const [token = ""] = await emailedTokens(stack, email, subjects.verify, burst);
    const { registration, client, name, password } = owner;
    const confirmed = await client.post("/api/auth/verify-email", { token, registration });
    expect(confirmed.json.user).toMatchObject({ email, name });
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
  });

  test("reveal nothing about the account once the budget is spent", async () => {
    const addresses = [(await signUp(stack)).email, newEmail()];
    const forgot = (email: string) => stack.client().post("/api/auth/forgot-password", { email });
    for (const email of addresses) await spendBudget(stack, mailboxCharge(email));
    const [known, unknown] = await Promise.all(addresses.map(forgot));
    expect(known?.status).toBe(202);
    expect(unknown?.text).toBe(known?.text);
    expect(await countEmails(String(addresses[0]))).toBe(1);
  });
});
