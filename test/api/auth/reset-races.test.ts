import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, emailedTokens, goodPassword, register, signUp, subjects } from "../../stack/users.js";
import { raceOnRows, userRow } from "./row-locks.js";

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

/** Retries on 429, because a slow machine cannot hash 50 passwords in time. */
async function resetWithRetries(token: string, password: string) {
  for (;;) {
    const response = await reset(token, password);
    if (response.status !== 429) return response;
    await sleep(Number(response.headers.get("retry-after")) * 1000);
  }
}

/** A person who has requested `count` links. */
async function personWithLinks(count: number): Promise<{ email: string; tokens: string[] }> {
  const { email } = await signUp(stack);
  for (let i = 0; i < count; i += 1) await forgot(email);
  return { email, tokens: await emailedTokens(stack, email, subjects.reset, count) };
}

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/reset-password", () => {
  // @proof reset-link-consumed-once
  test("returns 204 to one of 50 uses of a link, and that password takes effect", async () => {
    const { email, tokens } = await personWithLinks(1);
    const passwords = Array.from({ length: 50 }, goodPassword);
    const responses = await raceOnRows(stack, userRow(email, 8), () =>
      Promise.all(passwords.map((password) => resetWithRetries(String(tokens[0]), password))),
    );
    const winners = responses.flatMap(({ status }, i) => (status === 204 ? [String(passwords[i])] : []));
    expect(winners).toHaveLength(1);
    expect(responses.filter(({ code }) => code === "invalid-link")).toHaveLength(49);
    expect((await login(email, String(winners[0]))).status).toBe(200);
    const noticesQuery = "select id from outbox where recipient = $1 and kind = 'password-changed'";
    expect(await stack.sql(noticesQuery, [email])).toHaveLength(1);
  });

  test("accepts only one of a user's two links and does not deadlock", async () => {
    for (let round = 0; round < 3; round += 1) {
      const { email, tokens } = await personWithLinks(2);
      const responses = await raceOnRows(stack, userRow(email, 4), () =>
        Promise.all([...tokens, ...tokens].map((token) => reset(token))),
      );
      expect(responses.map(({ status }) => status).sort()).toEqual([204, 400, 400, 400]);
    }
  });

  test("succeeds next to POST /api/auth/verify-email for the same user", async () => {
    for (let round = 0; round < 4; round += 1) {
      const { email } = await register(stack);
      await forgot(email);
      const verification = await emailedToken(stack, email, subjects.verify);
      const token = await emailedToken(stack, email, subjects.reset);
      const password = goodPassword();
      const [resetResponse, verified] = await raceOnRows(stack, userRow(email, 2), () =>
        Promise.all([
          reset(token, password),
          stack.client().post("/api/auth/verify-email", { token: verification }),
        ]),
      );
      expect(resetResponse.status).toBe(204);
      expect([200, 400]).toContain(verified.status);
      expect((await login(email, password)).status).toBe(200);
    }
  });
});
