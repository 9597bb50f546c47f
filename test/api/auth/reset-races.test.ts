import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goodPassword, mailedToken, mailedTokens, register, signUp, subjects } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce, userRow } from "./contention.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const forgot = (email: string) => stack.client().post("/api/auth/forgot-password", { email });
const reset = (token: string, password = goodPassword()) =>
  stack.client().post("/api/auth/reset-password", { token, password });
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

/** Comes again when told to: on a slow machine 50 passwords are too many to hash at once. */
async function resetInTheEnd(token: string, password: string) {
  for (;;) {
    const answer = await reset(token, password);
    if (answer.status !== 429) return answer;
    await sleep(Number(answer.headers.get("retry-after")) * 1000);
  }
}

/** A person who has asked for so many links. */
async function withLinks(count: number): Promise<{ email: string; tokens: string[] }> {
  const { email } = await signUp(stack);
  for (let i = 0; i < count; i += 1) await forgot(email);
  return { email, tokens: await mailedTokens(stack, email, subjects.reset, count) };
}

describe.skipIf(!hasPostgres())("POST /api/auth/reset-password at once", () => {
  test("answers one of 50 uses of a link with 204, and its password is the one in force", async () => {
    const { email, tokens } = await withLinks(1);
    const passwords = Array.from({ length: 50 }, goodPassword);
    const answers = await atOnce(stack, userRow(email, 8), () =>
      Promise.all(passwords.map((password) => resetInTheEnd(String(tokens[0]), password))),
    );
    const done = answers.flatMap(({ status }, i) => (status === 204 ? [String(passwords[i])] : []));
    expect(done).toHaveLength(1);
    expect(answers.filter(({ code }) => code === "invalid-link")).toHaveLength(49);
    expect((await login(email, String(done[0]))).status).toBe(200);
    const notices = "select id from outbox where recipient = $1 and kind = 'password-changed'";
    expect(await stack.sql(notices, [email])).toHaveLength(1);
  });

  test("answers one of two links of a user, used at once, and never blocks itself", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { email, tokens } = await withLinks(2);
      const answers = await atOnce(stack, userRow(email, 4), () =>
        Promise.all([...tokens, ...tokens].map((token) => reset(token))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400]);
    }
  });

  test("and POST /api/auth/verify-email agree about links of one user that are used at once", async () => {
    for (let round = 0; round < 4; round += 1) {
      const { email } = await register(stack);
      await forgot(email);
      const verification = await mailedToken(stack, email, subjects.verify);
      const token = await mailedToken(stack, email, subjects.reset);
      const password = goodPassword();
      const [resetAnswer, verified] = await atOnce(stack, userRow(email, 2), () =>
        Promise.all([
          reset(token, password),
          stack.client().post("/api/auth/verify-email", { token: verification }),
        ]),
      );
      expect(resetAnswer.status).toBe(204);
      expect([200, 400]).toContain(verified.status);
      expect((await login(email, password)).status).toBe(200);
    }
  });
});
