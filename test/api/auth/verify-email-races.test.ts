import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyPassword } from "../../../lib/auth/passwords.js";
import type { ApiResponse } from "../../stack/client.js";
import { type SeededRegistration, seedRegistration } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  emailedTokens,
  goodPassword,
  newEmail,
  register,
  subjects,
} from "../../stack/users.js";
import { raceOnRows, waitForBlocked } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Retries while the function has too many passwords to hash, which a slow machine cannot avoid. */
async function send(path: string, json: object): Promise<ApiResponse> {
  for (;;) {
    const response = await stack.client().post(path, json);
    const isBudget = response.headers.has("ratelimit");
    if (response.status !== 429 || isBudget) return response;
    await sleep(Number(response.headers.get("retry-after")) * 1000);
  }
}

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const usersOf = (email: string) =>
  stack.sql("select id, name, password_hash from users where email_key = lower($1)", [email]);

/** Blocks the confirmations at their first write. The first holds the lock for which the others wait. */
const signUpsOf = (email: string, racers: number) => ({
  select: "select from registrations where email_key = lower($1)",
  params: [email],
  racers,
});

describe.skipIf(!hasPostgres())("concurrent sign-ups and confirmations of one address", () => {
  // @proof confirmed-by-one-of-many
  test("give one user, with the password of the person whose confirmation came first", async () => {
    const email = newEmail();
    const browsers = [];
    for (let i = 0; i < 4; i += 1) browsers.push(await register(stack, { email, name: `Browser ${i}` }));
    const links = await emailedTokens(stack, email, subjects.verify, browsers.length);
    const typists: SeededRegistration[] = [];
    for (let i = 0; i < 8; i += 1)
      typists.push(await seedRegistration(stack, { email, name: `Typist ${i}` }));
    const confirmations = [
      // Each through the link of whichever sign-up.
      ...browsers.map(({ name, password, registration }, i) => ({
        name,
        password,
        json: { token: links[i], registration },
      })),
      ...typists.map(({ name, token }) => {
        const password = goodPassword();
        return { name, password, json: { token, password } };
      }),
    ];
    const strangers = Array.from({ length: 4 }, (_, i) => ({
      email,
      name: `Stranger ${i}`,
      password: goodPassword(),
    }));

    const [confirmed, registered] = await raceOnRows(stack, signUpsOf(email, 8), () =>
      Promise.all([
        Promise.all(confirmations.map(({ json }) => send("/api/auth/verify-email", json))),
        Promise.all(strangers.map((person) => send("/api/auth/register", person))),
      ]),
    );
    const winners = confirmations.filter((_, i) => confirmed[i]?.status === 200);
    expect(winners).toHaveLength(1);
    const [winner] = winners;
    const users = await usersOf(email);
    expect(users).toMatchObject([{ name: winner?.name }]);
    expect((await login(email, String(winner?.password))).status).toBe(200);
    const losers = [...confirmations.filter((one) => one !== winner), ...strangers];
    for (const { password } of losers)
      expect(await verifyPassword(password, String(users[0]?.["password_hash"]))).toBe(false);
    expect(confirmed.map(({ code }) => code).filter(Boolean)).toHaveLength(confirmations.length - 1);
    expect(new Set(confirmed.map(({ code }) => code))).toEqual(
      new Set([undefined, "password-required", "invalid-credentials"]),
    );
    expect(new Set(registered.map(({ code }) => code))).toEqual(new Set([undefined]));
  });

  test("let a repeated sign-up of a stranger change nothing", async () => {
    for (let round = 0; round < 4; round += 1) {
      const owner = await register(stack);
      const { email, registration } = owner;
      const token = await emailedToken(stack, email, subjects.verify);
      const stranger = { email, name: "Mallory", password: goodPassword() };
      const [confirmed, registered] = await raceOnRows(stack, signUpsOf(email, 1), () =>
        Promise.all([
          send("/api/auth/verify-email", { token, registration }),
          send("/api/auth/register", stranger),
        ]),
      );
      expect([confirmed.status, registered.status]).toEqual([200, 202]);
      expect(await usersOf(email)).toMatchObject([{ name: owner.name }]);
      expect((await login(email, stranger.password)).code).toBe("invalid-credentials");
      expect((await login(email, owner.password)).status).toBe(200);
      // If the stranger's sign-up came first, its link has left too: it must not give the stranger's password.
      const secret = { registration: registered.json.registration, token };
      expect((await send("/api/auth/verify-email", secret)).code).toBe("password-required");
    }
  });

  test("do not wait for confirmations of other addresses", async () => {
    const [ada, grace] = [await seedRegistration(stack), await seedRegistration(stack)];
    const confirm = ({ token, registration }: SeededRegistration) =>
      send("/api/auth/verify-email", { token, registration });
    const { waiting, free } = await raceOnRows(stack, signUpsOf(ada.email, Infinity), async () => {
      const waiting = confirm(ada);
      await waitForBlocked(stack, 1);
      return { waiting, free: await confirm(grace) };
    });
    expect([free.status, (await waiting).status]).toEqual([200, 200]);
  });
});
