import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import type { Client } from "../../stack/client.js";
import { type SeededRegistration, seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  emailedTokens,
  goodPassword,
  newEmail,
  register,
  subjects,
} from "../../stack/users.js";
import { cookieHeader } from "./cookies.js";
import { advanceBudgets, expectRateLimited } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Confirmation = { token: string; registration?: string; password?: string };
const verify = ({ token, registration, password }: Confirmation, client: Client = stack.client()) =>
  client.post("/api/auth/verify-email", { token, registration, password });
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const withoutSecret = ({ token }: SeededRegistration) => ({ token });
const withSecret = ({ token, registration }: SeededRegistration) => ({ token, registration });

/** Every row that a confirmation could add or change. */
const rowsOf = async (email: string) =>
  Promise.all([
    stack.sql("select * from registrations where email_key = lower($1) order by id", [email]),
    stack.sql("select * from users where email_key = lower($1)", [email]),
    stack.sql("select s.* from sessions s join users u on u.id = s.user_id where u.email_key = lower($1)", [
      email,
    ]),
  ]);

/** A browser that is signed in as another user. */
async function otherUser() {
  const { client, token } = await seedUser(stack);
  return { client, isSignedIn: async () => (await client.get("/api/auth/me", { token })).status === 200 };
}

describe("POST /api/auth/verify-email in the browser that signed up", () => {
  // @proof confirmation-starts-one-session
  test("creates the account, starts one session and responds as sign-in does", async () => {
    const { email, name, password, client, registration } = await register(stack);
    const token = await emailedToken(stack, email, subjects.verify);
    const confirmed = await verify({ token, registration }, client);
    expect(confirmed.status).toBe(200);
    const me = await client.get("/api/auth/me", { token: confirmed.json.accessToken });
    expect(me.json).toEqual(confirmed.json.user);
    expect(me.json).toMatchObject({ email, name, role: "user" });
    const events = "select kind from security_events where user_id = $1";
    expect(await stack.sql(events, [me.json.id])).toEqual([{ kind: "login" }]);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);

    const signedIn = await login(email, password);
    expect(signedIn.json.user).toEqual(confirmed.json.user);
    const members = (json: object) => Object.keys(json).sort();
    expect(members(signedIn.json)).toEqual(members(confirmed.json));
  });

  test("accepts any link to the address, and applies the password, name and spelling of this browser", async () => {
    const email = newEmail();
    const phone = await register(stack, { email, name: "On the phone" });
    await emailedTokens(stack, email, subjects.verify, 1);
    const desk = await register(stack, { email: email.toUpperCase(), name: "At the desk" });
    const [newest = "", oldest = ""] = await emailedTokens(stack, email, subjects.verify, 2);
    expect(newest).not.toBe(oldest);
    const confirmed = await verify({ token: oldest, registration: desk.registration });
    expect(confirmed.json.user).toMatchObject({ email: desk.email, name: desk.name });
    expect((await login(email, desk.password)).status).toBe(200);
    expect((await login(email, phone.password)).code).toBe("invalid-credentials");
  });

  test("applies a password that the person types instead, under the name of this browser", async () => {
    const email = newEmail();
    const { token } = await seedRegistration(stack, { email });
    const own = await register(stack, { email, name: "Grace Hopper" });
    const password = goodPassword();
    const confirmed = await verify({ token, registration: own.registration, password });
    expect(confirmed.json.user).toMatchObject({ email, name: own.name });
    expect((await login(email, password)).status).toBe(200);
    expect((await login(email, own.password)).code).toBe("invalid-credentials");
  });

  test("ends the session that this browser had, but not if the confirmation fails", async () => {
    const { client, isSignedIn } = await otherUser();
    const signUp = await seedRegistration(stack);
    expect((await verify(withoutSecret(signUp), client)).status).toBe(422);
    expect(await isSignedIn()).toBe(true);
    const before = cookieHeader(client);
    expect((await verify(withSecret(signUp), client)).status).toBe(200);
    expect(await isSignedIn()).toBe(false);
    expect(cookieHeader(client)).not.toBe(before);
  });
});

describe("POST /api/auth/verify-email in another browser", () => {
  // @proof foreign-link-asks-password
  test("asks for a password unless this browser signed up with the address, and changes nothing", async () => {
    const signUp = await seedRegistration(stack, { email: `Ada.${newEmail()}` });
    const stranger = await seedRegistration(stack);
    const secrets = {
      missing: undefined,
      "of another address": stranger.registration,
      altered: `${signUp.registration.startsWith("A") ? "B" : "A"}${signUp.registration.slice(1)}`,
      "the link's token": signUp.token,
      garbage: "garbage",
    };
    const before = await rowsOf(signUp.email);
    for (const [title, registration] of Object.entries(secrets)) {
      const response = await verify({ token: signUp.token, ...(registration ? { registration } : {}) });
      expect([response.status, response.code], title).toEqual([422, "password-required"]);
      expect(response.json.email, title).toBe(signUp.email);
      expect(response.setCookies, title).toEqual([]);
    }
    expect(await rowsOf(signUp.email)).toEqual(before);
    expect((await verify(withSecret(signUp))).status).toBe(200);
  });

  test("applies the typed password, under the name of the link's sign-up, and signs in", async () => {
    const signUp = await register(stack, { name: "Grace Hopper" });
    const token = await emailedToken(stack, signUp.email, subjects.verify);
    const [client, password] = [stack.client(), goodPassword()];
    const confirmed = await verify({ token, password }, client);
    expect(confirmed.json.user).toMatchObject({ email: signUp.email, name: signUp.name });
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
    expect((await login(signUp.email, password)).status).toBe(200);
    expect((await login(signUp.email, signUp.password)).code).toBe("invalid-credentials");
  });

  // @proof link-guesses-limited
  test("limits the passwords that can be tried with one link, from any number of IP addresses", async () => {
    const { email, password } = await seedUser(stack);
    const { token } = await seedRegistration(stack, { email });
    const other = await seedRegistration(stack, { email });
    const { burst, refillSeconds } = budgets.guessesByLink;
    for (let i = 0; i < burst; i += 1)
      expect((await verify({ token, password: goodPassword() })).code).toBe("invalid-credentials");
    expectRateLimited(await verify({ token, password }), budgets.guessesByLink);
    expect((await verify({ token: other.token, password })).status).toBe(200);
    await advanceBudgets(stack, refillSeconds);
    expect((await verify({ token, password })).status).toBe(200);
  });
});
