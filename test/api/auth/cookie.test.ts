import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { session } from "../../../lib/auth/limits.js";
import { authEnv, seedRegistration } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { clearsCookie, exactlyOneCookie, maxAgeOf } from "./cookies.js";

/** The attributes as Set-Cookie spells them, without Max-Age. test/auth/cookies checks what they guarantee. */
function expectedAttributes(stack: Stack) {
  const { httpOnly, secure, sameSite, path } = sessionCookie.attributes(authEnv(stack));
  return {
    Path: path,
    SameSite: sameSite,
    ...(httpOnly ? { HttpOnly: true } : {}),
    ...(secure ? { Secure: true } : {}),
  };
}

const environments = [
  { APP_URL: "http://localhost:3000" },
  { APP_URL: "https://app.example.com" },
  { APP_URL: "https://app.example.com", COOKIE_SAMESITE: "Lax" },
  { APP_URL: "https://app.example.com", COOKIE_SAMESITE: "None" },
];

let first: Stack;
let ada: TestUser;
beforeAll(async () => {
  first = await startStack();
  ada = await signUp(first);
});
afterAll(() => first.stop());

describe.each(environments)("session cookie with %o", (env) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ sharing: first, env });
  });
  afterAll(() => stack.stop());

  // @proof cookie-attributes-never-vary
  test("keeps its name and attributes through confirmation, sign-in, refresh, sign-out and token reuse", async () => {
    const client = stack.client();
    const { token, registration } = await seedRegistration(stack);
    const confirmation = await client.post("/api/auth/verify-email", { token, registration });
    const login = await client.post("/api/auth/login", { email: ada.email, password: ada.password });
    const refresh = await client.post("/api/auth/refresh");
    await stack.sql("update sessions set generation = 5 where user_id = $1", [ada.id]);
    const reused = await client.post("/api/auth/refresh");
    const logout = await client.post("/api/auth/logout");

    for (const response of [confirmation, login, refresh, reused, logout]) {
      const { name, attributes } = exactlyOneCookie(response);
      expect(name).toBe(sessionCookie.name(authEnv(stack)));
      const { "Max-Age": maxAge, ...others } = attributes;
      expect(Number.isInteger(Number(maxAge))).toBe(true);
      expect(others).toEqual(expectedAttributes(stack));
    }
    for (const response of [confirmation, login, refresh]) {
      expect(clearsCookie(response)).toBe(false);
      expect(maxAgeOf(response)).toBeLessThanOrEqual(session.idleSeconds);
      expect(exactlyOneCookie(response).value).toMatch(/^[\w-]{60,100}$/);
    }
    expect([reused, logout].map(clearsCookie)).toEqual([true, true]);
  });
});
