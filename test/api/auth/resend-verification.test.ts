import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { goodPassword, mailedTokens, newEmail, register, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";

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
    "mails another link, and each of both is good for one confirmation (%i)",
    async (which) => {
      const { email, password } = await register(stack);
      await mailedTokens(stack, email, subjects.verify, 1);
      expect((await resend(email.toUpperCase())).status).toBe(202);
      const tokens = await mailedTokens(stack, email, subjects.verify, 2);
      expect((await verify(tokens[which])).status).toBe(200);
      expect((await verify(tokens[1 - which])).code).toBe("invalid-link");
      expect((await login(email, password)).status).toBe(200);
    },
  );

  test("answers alike and writes as many rows for an unconfirmed, a confirmed and an unknown address", async () => {
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
      const answer = await resend(email);
      expect(answer.status).toBe(202);
      bodies.add(answer.text);
      expect(await rows()).toEqual([links + 1, outbox + 1]);
    }
    expect(bodies.size).toBe(1);
    // A mail to the unconfirmed one is proof that the other two had their time.
    await mailedTokens(stack, unconfirmed.email, subjects.verify, 2);
    const subjectsOfConfirmed = (await stack.mailbox.mails(confirmed.email)).map(({ subject }) => subject);
    expect(subjectsOfConfirmed).toEqual([subjects.verify]);
  });

  test.each(["known", "unknown"])(
    "sends strangers' mails to one %s mailbox within its budget",
    async (kind) => {
      const email = kind === "known" ? (await register(stack)).email : newEmail();
      const { burst, refillSeconds } = budgets.mailByRecipient;
      const answers = [];
      for (let i = 0; i < burst + 1; i += 1) answers.push(await resend(email));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(burst);
      const last = answers.at(-1);
      expect(last?.code).toBe("rate-limited");
      expect(Number(last?.headers.get("retry-after"))).toBeLessThanOrEqual(refillSeconds);
      // Whoever spends one budget must not lock the owner out of another.
      expect((await stack.client().post("/api/auth/forgot-password", { email })).status).toBe(202);
      const again = { email, name: "Ada", password: goodPassword() };
      expect((await stack.client().post("/api/auth/register", again)).status).toBe(202);
    },
  );
});
