import { describe, expect, test } from "vitest";
import { sessionCookie } from "../../lib/auth/session-cookie.js";

const https = { APP_URL: "https://app.example.com", COOKIE_SAMESITE: undefined };
const local = { APP_URL: "http://localhost:3000", COOKIE_SAMESITE: undefined };
const environments = [https, local, { ...https, COOKIE_SAMESITE: "None" as const }];

/** The name, and the attributes without the age. */
const identityOf = (line: string) => [line.split("=")[0], ...line.split("; ").slice(1).sort()];
const withoutAge = (line: string) => identityOf(line).filter((part) => !part?.startsWith("Max-Age="));

describe("the session cookie", () => {
  test("is host-bound and secure over https, and never readable by scripts", () => {
    for (const env of [https, local]) {
      expect(sessionCookie.attributes(env)).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
    }
    expect(sessionCookie.attributes(https).secure).toBe(true);
    expect(sessionCookie.name(https)).toMatch(/^__Host-/);
    // Browsers refuse both over http.
    expect(sessionCookie.attributes(local).secure).toBe(false);
    expect(sessionCookie.name(local)).not.toMatch(/^__/);
  });

  test.each(environments)(
    "is cleared under the name and with the attributes it was written with: %o",
    (env) => {
      const [written, cleared] = [sessionCookie.write(env, "token", 60), sessionCookie.clear(env)];
      expect(withoutAge(cleared)).toEqual(withoutAge(written));
      expect(identityOf(written)).toContain("Max-Age=60");
      expect(identityOf(cleared)).toContain("Max-Age=0");
      expect(cleared).toMatch(/^[\w-]+=;/);
    },
  );

  test.each(environments)("is read under its own name only: %o", (env) => {
    const name = sessionCookie.name(env);
    const read = (cookie: string) => sessionCookie.read(new Headers({ cookie }), env);
    expect(read(`a=1; ${name}=token; b=2`)).toBe("token");
    expect(read(`${name}x=token; x${name}=token; ${name.toUpperCase()}=token`)).toBeUndefined();
  });
});
