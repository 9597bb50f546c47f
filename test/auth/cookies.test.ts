import { describe, expect, test } from "vitest";
import { sessionCookie } from "../../lib/auth/cookies.js";

const https = { APP_URL: "https://app.example.com", COOKIE_SAMESITE: "Strict" as const };
const local = { APP_URL: "http://localhost:3000", COOKIE_SAMESITE: "Strict" as const };
const environments = [https, local, { ...https, COOKIE_SAMESITE: "None" as const }];

const nameAndAttributes = (line: string) => [line.split("=")[0], ...line.split("; ").slice(1).sort()];
const withoutMaxAge = (line: string) =>
  nameAndAttributes(line).filter((part) => !part?.startsWith("Max-Age="));

describe("the session cookie", () => {
  // @proof session-cookie-attributes
  test("is host-bound and Secure over https, and always HttpOnly", () => {
    for (const env of [https, local]) {
      expect(sessionCookie.attributes(env)).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
    }
    expect(sessionCookie.attributes(https).secure).toBe(true);
    expect(sessionCookie.name(https)).toMatch(/^__Host-/);
    // Browsers reject Secure and __Host- over plain http.
    expect(sessionCookie.attributes(local).secure).toBe(false);
    expect(sessionCookie.name(local)).not.toMatch(/^__/);
  });

  test.each(environments)("is cleared with the name and attributes it was written with: %o", (env) => {
    const [written, cleared] = [sessionCookie.write(env, "token", 60), sessionCookie.clear(env)];
    expect(withoutMaxAge(cleared)).toEqual(withoutMaxAge(written));
    expect(nameAndAttributes(written)).toContain("Max-Age=60");
    expect(nameAndAttributes(cleared)).toContain("Max-Age=0");
    expect(cleared).toMatch(/^[\w-]+=;/);
  });

  test.each(environments)("is read only under its exact name: %o", (env) => {
    const name = sessionCookie.name(env);
    const read = (cookie: string) => sessionCookie.read(new Headers({ cookie }), env);
    expect(read(`a=1; ${name}=token; b=2`)).toBe("token");
    expect(read(`${name}x=token; x${name}=token; ${name.toUpperCase()}=token`)).toBeUndefined();
  });
});
