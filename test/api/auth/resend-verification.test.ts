import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedTokens, goodPassword, newEmail, register, signUp, subjects } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const resend = (email: string) => stack.client().post("/api/auth/resend-verification", { email });
const verify = (token: string | undefined) => stack.client().post("/api/auth/verify-email", { token });
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

describe("POST /api/auth/resend-verification", () => {
  test.each([0, 1])(
    "emails a second link, and using link %i confirms the address and voids the other",
    async (used) => {
      const { email, password } = await register(stack);
      await emailedTokens(stack, email, subjects.verify, 1);
      expect((await resend(email.toUpperCase())).status).toBe(202);
      const tokens = await emailedTokens(stack, email, subjects.verify, 2);
      expect((await verify(tokens[used])).status).toBe(200);
      expect((await verify(tokens[1 - used])).code).toBe("invalid-link");
      expect((await login(email, password)).status).toBe(200);
    },
  );

  test("returns the same response and writes the same rows for an unconfirmed, confirmed or unknown address", async () => {
    const unconfirmed = await register(stack);
    const confirmed = await signUp(stack);
    const rows = async () => {
      const [count] = await stack.sql(
        "select (select count(*) from links)::int as links, (select count(*) from outbox)::int as outbox",
      );
      return [Number(count?.["links"]), Number(count?.["outbox"])];
    };
    const bodies = new Set<string>();
    for (const email of [unconfirmed.email, confirmed.email, newEmail()]) {
      const [links = 0, outbox = 0] = await rows();
      const response = await resend(email);
      expect(response.status).toBe(202);
      bodies.add(response.text);
      expect(await rows()).toEqual([links + 1, outbox + 1]);
    }
    expect(bodies.size).toBe(1);
    // Once this email has arrived, the other two requests have had the time to send theirs.
    await emailedTokens(stack, unconfirmed.email, subjects.verify, 2);
    const subjectsOfConfirmed = (await stack.mailbox.mails(confirmed.email)).map(({ subject }) => subject);
    expect(subjectsOfConfirmed).toEqual([subjects.verify]);
  });

  // @proof mailbox-budget-limits-emails
  test.each(["known", "unknown"])(
    "limits the emails that strangers can send to one %s mailbox",
    async (kind) => {
      const email = kind === "known" ? (await register(stack)).email : newEmail();
      const { burst, refillSeconds } = budgets.emailByRecipient;
      const responses = [];
      for (let i = 0; i < burst + 1; i += 1) responses.push(await resend(email));
      expect(responses.filter(({ status }) => status === 202)).toHaveLength(burst);
      const last = responses.at(-1);
      expect(last?.code).toBe("rate-limited");
      expect(Number(last?.headers.get("retry-after"))).toBeLessThanOrEqual(refillSeconds);
      // Spending this budget must not use up the owner's budgets for other emails.
      expect((await stack.client().post("/api/auth/forgot-password", { email })).status).toBe(202);
      const again = { email, name: "Ada", password: goodPassword() };
      expect((await stack.client().post("/api/auth/register", again)).status).toBe(202);
    },
  );
});
