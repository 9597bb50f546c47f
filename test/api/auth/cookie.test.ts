import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { sessionCookie } from "../../../lib/auth/session-cookie.js";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieEnv, maxAgeOf, onlyCookie, removesCookie } from "./cookies.js";

/** Attributes as they stand in Set-Cookie, without the age. What they must guarantee: test/auth/session-cookie. */
function stated(stack: Stack) {
  const { httpOnly, secure, sameSite, path } = sessionCookie.attributes(cookieEnv(stack));
  return {
    Path: path,
    SameSite: sameSite,
    ...(httpOnly ? { HttpOnly: true } : {}),
    ...(secure ? { Secure: true } : {}),
  };
}

const origins = [
  { APP_URL: "http://localhost:3000" },
  { APP_URL: "https://app.example.com" },
  { APP_URL: "https://app.example.com", COOKIE_SAMESITE: "Lax" },
  { APP_URL: "https://app.example.com", COOKIE_SAMESITE: "None" },
];

let first: Stack;
let ada: Person;
beforeAll(async () => {
  first = await startStack();
  ada = await signUp(first);
});
afterAll(() => first.stop());

describe.each(origins)("the session cookie with %o", (env) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ sharing: first, env });
  });
  afterAll(() => stack.stop());

  test("has one name and the same attributes when login sets, refresh rotates, and logout and a lost session clear it", async () => {
    const client = stack.client();
    const login = await client.post("/api/auth/login", { email: ada.email, password: ada.password });
    const refresh = await client.post("/api/auth/refresh");
    await stack.sql("update sessions set ended_at = now() where user_id = $1", [ada.id]);
    const ended = await client.post("/api/auth/refresh");
    const logout = await client.post("/api/auth/logout");

    for (const answer of [login, refresh, ended, logout]) {
      const { name, attributes } = onlyCookie(answer);
      expect(name).toBe(sessionCookie.name(cookieEnv(stack)));
      const { "Max-Age": age, ...others } = attributes;
      expect(Number.isInteger(Number(age))).toBe(true);
      expect(others).toEqual(stated(stack));
    }
    for (const answer of [login, refresh]) {
      expect(removesCookie(answer)).toBe(false);
      expect(maxAgeOf(answer)).toBeLessThanOrEqual(session.idleSeconds);
      expect(onlyCookie(answer).value).toMatch(/^[\w-]{60,100}$/);
    }
    expect([ended, logout].map(removesCookie)).toEqual([true, true]);
  });
});
