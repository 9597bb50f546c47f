import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets, registrationSeconds } from "../../../lib/auth/limits.js";
import { type SeededRegistration, seedRegistration, seedResetLink } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Body = { token: string; registration?: string; password?: string };
const verify = (body: Body, client = stack.client()) => client.post("/api/auth/verify-email", body);
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const reset = async (userId: string, password: string) => {
  const token = await seedResetLink(stack, userId);
  expect((await stack.client().post("/api/auth/reset-password", { token, password })).status).toBe(204);
};

const usersOf = (email: string) => stack.sql("select * from users where email_key = lower($1)", [email]);
const sessionsOf = (email: string) =>
  stack.sql("select s.id from sessions s join users u on u.id = s.user_id where u.email_key = lower($1)", [
    email,
  ]);

/** The two ways to confirm, and the password that each makes effective. */
const ways: Record<string, (signUp: SeededRegistration) => { body: Body; effective: string }> = {
  "in the browser that signed up": ({ token, registration, password }) => ({
    body: { token, registration },
    effective: password,
  }),
  "with a typed password": ({ token }) => {
    const password = goodPassword();
    return { body: { token, password }, effective: password };
  },
};

async function signedUp(way: string) {
  const signUp = await seedRegistration(stack);
  const { body, effective } = ways[way]?.(signUp) ?? { body: { token: "" }, effective: "" };
  return { ...signUp, body, effective };
}

describe.each(Object.keys(ways))("POST /api/auth/verify-email %s, repeated", (way) => {
  test("signs in again as the same user after a response that was lost, and later", async () => {
    const { email, id, body, effective } = await signedUp(way);
    const client = stack.client();
    // The notice of an earlier sign-in would meet the fault first.
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1 });
    expect((await verify(body, client)).code).toBe("database-unavailable");
    const [user] = await usersOf(email);
    expect(user).toBeDefined();

    const again = await verify(body, client);
    expect(again.json.user).toMatchObject({ id: user?.["id"], email });
    expect((await client.post("/api/auth/logout")).status).toBe(204);
    await stack.sql("update registrations set expires_at = now() + interval '1 minute' where id = $1", [id]);
    const later = await verify(body, client);
    expect(later.json.user).toEqual(again.json.user);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
    expect(await usersOf(email)).toEqual([user]);
    expect((await login(email, effective)).status).toBe(200);
  });

  test("returns invalid-link once the sign-up has expired", async () => {
    const { email, id, body } = await signedUp(way);
    expect((await verify(body)).status).toBe(200);
    await stack.sql(
      "update registrations set expires_at = expires_at - make_interval(secs => $1) where id = $2",
      [registrationSeconds, id],
    );
    expect((await verify(body)).code).toBe("invalid-link");
    expect(await sessionsOf(email)).toHaveLength(1);
  });

  // @proof repeat-needs-current-password
  test("signs nobody in once the password has changed, and leaves the new password alone", async () => {
    const { email, body } = await signedUp(way);
    const { id } = (await verify(body)).json.user;
    const password = goodPassword();
    await reset(id, password);
    const before = await usersOf(email);
    const response = await verify(body);
    expect(response.code).toBe(body.password ? "invalid-credentials" : "password-required");
    expect(response.setCookies).toEqual([]);
    expect(await usersOf(email)).toEqual(before);
    expect((await verify({ token: body.token, password })).json.user).toMatchObject({ id, email });
  });

  test("reveals a ban only after proof of the password, and signs nobody in", async () => {
    const { email, body, effective } = await signedUp(way);
    expect((await verify(body)).status).toBe(200);
    await stack.sql("update users set banned_at = now() where email = $1", [email]);
    const { token } = body;
    const banned = [await verify(body), await verify({ token, password: effective })];
    for (const response of banned) expect([response.status, response.code]).toEqual([403, "account-banned"]);
    expect((await verify({ token })).code).toBe("password-required");
    expect((await verify({ token, password: goodPassword() })).code).toBe("invalid-credentials");
    expect(await sessionsOf(email)).toHaveLength(1);
  });

  // @proof deleted-account-stays-deleted
  test("returns invalid-link after the account was deleted, and does not create it again", async () => {
    const { email, body } = await signedUp(way);
    expect((await verify(body)).status).toBe(200);
    await stack.sql("delete from users where email = $1", [email]);
    expect((await verify(body)).code).toBe("invalid-link");
    expect(await usersOf(email)).toEqual([]);
  });

  test.skipIf(!hasPostgres())("signs all concurrent requests in as one user", async () => {
    const { email, body, effective } = await signedUp(way);
    const { burst } = budgets.guessesByLink;
    const responses = await Promise.all(Array.from({ length: burst }, () => verify(body)));
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(new Set(responses.map(({ json }) => json.user.id)).size).toBe(1);
    expect(await usersOf(email)).toHaveLength(1);
    const reads = responses.map(({ json }) =>
      stack.client().get("/api/auth/me", { token: String(json.accessToken) }),
    );
    expect((await Promise.all(reads)).map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect((await login(email, effective)).status).toBe(200);
  });
});

describe("POST /api/auth/verify-email, repeated in another way", () => {
  test("in the same browser never asks another browser's typed password to change", async () => {
    const { email, token, registration, password: signUpPassword } = await seedRegistration(stack);
    const typed = goodPassword();
    expect((await verify({ token, password: typed })).status).toBe(200);
    const before = await usersOf(email);
    expect((await verify({ token, registration })).code).toBe("password-required");
    expect((await verify({ token, registration, password: signUpPassword })).code).toBe(
      "invalid-credentials",
    );
    expect(await usersOf(email)).toEqual(before);
    expect((await verify({ token, registration, password: typed })).status).toBe(200);
  });
});
