import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type EnvName, isRequired, variables } from "../../lib/env/variables.js";
import { EnvError, type EnvFault, type RequiredEnvName, readEnv, readPlatform } from "../../lib/env.js";

/** Looks random and is the same in every run. */
const bytes = (seed: string) => createHash("sha256").update(seed).digest();
const strong = (seed = "a secret") => bytes(seed).toString("base64url");
const good: Record<RequiredEnvName, string> = {
  DATABASE_URL: "postgresql://ada:pass@db.example.com/latchkey",
  AUTH_SECRET: strong(),
  APP_URL: "https://app.example.com",
  RESEND_API_KEY: "re_12345678",
  MAIL_FROM: "Latchkey <hello@example.com>",
  CRON_SECRET: strong("another"),
};
const names = Object.keys(variables) as EnvName[];
const required = names.filter((name) => isRequired(name));
const optional = names.filter((name) => !isRequired(name));

function faultsOf(source: Record<string, string | undefined>, wanted: EnvName[] = required): EnvFault[] {
  try {
    readEnv(wanted, source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
}
const faultsAfter = (change: Record<string, string | undefined>) => faultsOf({ ...good, ...change });

describe("readEnv", () => {
  test("accepts good values and sets the defaults of optional variables", () => {
    expect(readEnv(required, good)).toEqual({
      ...good,
      AUTH_SECRET: [good.AUTH_SECRET],
      CORS_ORIGINS: [],
      COOKIE_SAMESITE: "Strict",
      PASSWORD_BREACH_CHECK: "on",
      PASSWORD_BREACH_URL: "https://api.pwnedpasswords.com",
      EMAILS_PER_HOUR: 50,
      EMAILS_PER_DAY: 100,
    });
  });

  test.each(required)("reports a missing, empty or blank %s as the same fault with its hint", (name) => {
    for (const value of [undefined, "", "  "]) {
      const { hint } = variables[name];
      expect(faultsAfter({ [name]: value })).toEqual([{ name, kind: "missing", why: "is missing", hint }]);
    }
  });

  test.each(optional)("accepts a missing, empty or blank %s", (name) => {
    for (const value of [undefined, "", "  "]) expect(faultsAfter({ [name]: value })).toEqual([]);
  });

  const bad: Record<EnvName, string[]> = {
    DATABASE_URL: [
      "db",
      "https://ada:p@db/latchkey",
      "postgresql://db/latchkey",
      "postgresql://ada:p@db",
      "postgresql://ada:p@db/",
    ],
    AUTH_SECRET: [
      "short",
      "a".repeat(43),
      "password".repeat(8),
      bytes("a secret").subarray(1).toString("base64url"),
      `${strong()}!`,
      `${strong()},short`,
      `${strong()} ${strong()}`,
      ",",
    ],
    APP_URL: [
      "app.example.org",
      "http://app.example.org",
      "ftp://app.example.com",
      "javascript:alert(1)",
      "https://app.example.com/app",
      "https://app.example.com?x",
      "https://app.example.com#x",
      "https://user@app.example.com",
      "http://localhost.example.com",
      "http://127.0.0.2",
    ],
    RESEND_API_KEY: ["re_"],
    MAIL_FROM: [
      "hello",
      "hello@",
      "@example.com",
      "A <hello@example.com",
      "a@b, c@d",
      "A <a@b>\nBcc: <c@d>",
      "A\r\nB <a@b>",
    ],
    RESEND_WEBHOOK_SECRET: ["whsec_", `whsec_${"A".repeat(30)}`, strong(), `whsec_${"-".repeat(32)}`],
    EMAILS_PER_HOUR: ["0", "-1", "1.5", "1e3", "many", "10000000"],
    EMAILS_PER_DAY: ["0", "-1", "1.5", "1e3", "many", "10000000"],
    CRON_SECRET: [strong("another").slice(0, 31), "x".repeat(43)],
    PROXY_SECRET: [strong("another").slice(0, 31), "x".repeat(43)],
    CORS_ORIGINS: ["*", "https://a.example.com,*", "https://*.example.org", "null", "http://a.example.com"],
    COOKIE_SAMESITE: ["strict", "Laxx"],
    PASSWORD_BREACH_CHECK: ["true", "On"],
    PASSWORD_BREACH_URL: ["localhost", "ftp://localhost", "http://breaches.example.com"],
    NEON_FETCH_ENDPOINT: ["localhost:5431", "ftp://localhost"],
    RESEND_BASE_URL: ["localhost", "ftp://localhost"],
  };
  const cases = names.flatMap((name) => bad[name].map((value) => [name, value] as const));

  // @proof env-refuses-bad-values
  test.each(cases)("rejects %s=%j with a reason that omits the value", (name, value) => {
    const faults = faultsAfter({ [name]: value });
    expect(faults).toMatchObject([{ name, kind: "invalid", hint: variables[name].hint }]);
    expect(faults[0]?.why).toMatch(/\w/);
    if (value.length > 4) expect(JSON.stringify(faults[0]?.why)).not.toContain(value);
  });

  test.each<[EnvName, string, unknown]>([
    ["DATABASE_URL", "postgres://ada:p%40ss@localhost:5432/latchkey?sslmode=require", expect.any(String)],
    ["AUTH_SECRET", ` ${good.AUTH_SECRET} , ${good.CRON_SECRET},`, [good.AUTH_SECRET, good.CRON_SECRET]],
    ["APP_URL", "https://app.example.com/", "https://app.example.com"],
    ["APP_URL", "HTTPS://App.Example.com:443", "https://app.example.com"],
    ["APP_URL", "http://localhost:3000", "http://localhost:3000"],
    ["APP_URL", "http://127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["APP_URL", "http://[::1]:3000", "http://[::1]:3000"],
    ["MAIL_FROM", "hello@example.com", "hello@example.com"],
    [
      "CORS_ORIGINS",
      "https://a.example.com, https://b.example.com/",
      ["https://a.example.com", "https://b.example.com"],
    ],
    ["PASSWORD_BREACH_URL", "https://breaches.example.com/v1/", "https://breaches.example.com/v1"],
    ["PASSWORD_BREACH_URL", "http://127.0.0.1:4444", "http://127.0.0.1:4444"],
    ["COOKIE_SAMESITE", "None", "None"],
    ["RESEND_WEBHOOK_SECRET", `whsec_${"A".repeat(43)}=`, `whsec_${"A".repeat(43)}=`],
    ["EMAILS_PER_DAY", "50000", 50_000],
    ["NEON_FETCH_ENDPOINT", "http://localhost:5431/sql", "http://localhost:5431/sql"],
  ])("accepts %s=%j", (name, value, parsed) => {
    expect(readEnv(required, { ...good, [name]: value })).toMatchObject({ [name]: parsed });
  });

  test("rejects a loopback APP_URL in production with any scheme", () => {
    for (const url of [
      "http://localhost:3000",
      "https://localhost",
      "https://127.0.0.1",
      "http://[::1]:3000",
    ]) {
      expect(faultsAfter({ APP_URL: url, VERCEL_ENV: "production" })).toMatchObject([
        { name: "APP_URL", kind: "invalid", why: "names localhost in production" },
      ]);
      expect(faultsAfter({ APP_URL: url, VERCEL_ENV: "preview" })).toEqual([]);
    }
  });

  test("rejects SameSite=None without https", () => {
    const name = "COOKIE_SAMESITE";
    expect(faultsAfter({ [name]: "None", APP_URL: "http://localhost:3000" })).toMatchObject([
      { name, kind: "invalid" },
    ]);
    expect(faultsAfter({ [name]: "None" })).toEqual([]);
  });

  test("reports all faults together, and only of requested and optional variables", () => {
    const faults = faultsOf({ AUTH_SECRET: "weak", CORS_ORIGINS: "*" }, ["AUTH_SECRET", "APP_URL"]);
    expect(faults.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "AUTH_SECRET invalid",
      "APP_URL missing",
      "CORS_ORIGINS invalid",
    ]);
    expect(faultsOf({}, ["DATABASE_URL"])).toHaveLength(1);
  });

  test("ignores bad optional values when no variable is requested", () => {
    expect(faultsOf({ CORS_ORIGINS: "*", COOKIE_SAMESITE: "x" }, [])).toEqual([]);
    expect(readEnv([], {})).toMatchObject({ CORS_ORIGINS: [], COOKIE_SAMESITE: "Strict" });
  });
});

test("readPlatform reads the variables of Vercel and falls back to local", () => {
  const source = { VERCEL_ENV: "preview", VERCEL_REGION: "fra1", VERCEL_GIT_COMMIT_SHA: "abc" };
  expect(readPlatform(source)).toEqual({ environment: "preview", region: "fra1", commit: "abc" });
  expect(readPlatform({})).toEqual({ environment: "local", region: undefined, commit: undefined });
});
