import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedRegistration, seedResetLink } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedTokens, goodPassword, signUp, subjects } from "../../stack/users.js";
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

/** A person who has requested `count` links. */
async function personWithLinks(count: number): Promise<{ email: string; tokens: string[] }> {
  const { email } = await signUp(stack);
  for (let i = 0; i < count; i += 1) await forgot(email);
  return { email, tokens: await emailedTokens(stack, email, subjects.reset, count) };
}

/** Their passwords are hashed in parallel. */
const racers = 4;

const noticesTo = (email: string) =>
  stack.sql("select id from outbox where recipient = $1 and kind = 'password-changed'", [email]);

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/reset-password", () => {
  // @proof reset-link-consumed-once
  test("lets only one of several passwords sent with one link take effect", async () => {
    const { email, tokens } = await personWithLinks(1);
    const passwords = Array.from({ length: racers }, goodPassword);
    const responses = await raceOnRows(stack, userRow(email, racers), () =>
      Promise.all(passwords.map((password) => reset(String(tokens[0]), password))),
    );
    const winners = responses.flatMap(({ status }, i) => (status === 204 ? [String(passwords[i])] : []));
    expect(winners).toHaveLength(1);
    expect(responses.filter(({ code }) => code === "invalid-link")).toHaveLength(passwords.length - 1);
    expect((await login(email, String(winners[0]))).status).toBe(200);
    expect(await noticesTo(email)).toHaveLength(1);
  });

  test("returns 204 to every use of a link with one password, which takes effect once", async () => {
    const { email, tokens } = await personWithLinks(1);
    const password = goodPassword();
    const responses = await raceOnRows(stack, userRow(email, racers), () =>
      Promise.all(Array.from({ length: racers }, () => reset(String(tokens[0]), password))),
    );
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 204));
    expect(await stack.sql("select session_epoch from users where email = $1", [email])).toEqual([
      { session_epoch: 1 },
    ]);
    expect((await login(email, password)).status).toBe(200);
    expect(await noticesTo(email)).toHaveLength(1);
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

  test("ends the session of a repeated POST /api/auth/verify-email", async () => {
    for (let round = 0; round < 4; round += 1) {
      const { email, token, registration } = await seedRegistration(stack);
      const confirm = () => stack.client().post("/api/auth/verify-email", { token, registration });
      const { user } = (await confirm()).json;
      const link = await seedResetLink(stack, user.id);
      const password = goodPassword();
      const [resetResponse, repeated] = await raceOnRows(stack, userRow(email, 2), () =>
        Promise.all([reset(link, password), confirm()]),
      );
      expect(resetResponse.status).toBe(204);
      expect([200, 422]).toContain(repeated.status);
      const live =
        "select s.id from sessions s join users u on u.id = s.user_id where u.id = $1 and s.epoch = u.session_epoch";
      expect(await stack.sql(live, [user.id])).toEqual([]);
      expect((await login(email, password)).status).toBe(200);
    }
  });
});
