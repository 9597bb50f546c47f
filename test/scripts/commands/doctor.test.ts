import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EnvName, isRequired, variables } from "../../../lib/env/variables.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { command, databaseOf, doctor } from "./run-command.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("npm run doctor", () => {
  test("exits with 0 when the environment is valid", async () => {
    const { exitCode, output } = await doctor(stack);
    expect(output).toContain("Every variable is set");
    expect(output).toMatch(
      /^Time zones: this Node has tzdata 20\w+\. For the next two years, Postgres has (the same|other) clocks/m,
    );
    expect(exitCode).toBe(0);
  });

  test("exits with 1 and names every missing variable with a hint", async () => {
    const required = Object.entries(variables).filter(([name]) => isRequired(name as EnvName));
    // Not absent, so that a developer's .env cannot fill them in.
    const empty = Object.fromEntries(required.map(([name]) => [name, ""]));
    const { exitCode, output } = await doctor(stack, empty);
    expect(exitCode).toBe(1);
    for (const [name, { hint }] of required) {
      expect(output).toContain(`${name} is missing`);
      expect(output).toContain(hint);
    }
  });

  test("exits with 1 and names every invalid variable, without printing a secret", async () => {
    const { exitCode, output } = await doctor(stack, {
      DATABASE_URL: "postgres://u:p@host",
      AUTH_SECRET: "c2hvcnQ",
      APP_URL: "https://app.example.com/x",
      MAIL_FROM: "Latchkey",
      CRON_SECRET: "short",
      CORS_ORIGINS: "*",
    });
    expect(output).toMatch(/DATABASE_URL must look like/);
    expect(output).toMatch(/AUTH_SECRET every secret must be at least 32/);
    expect(output).toMatch(/APP_URL must be an origin/);
    expect(output).toMatch(/MAIL_FROM must be an email address/);
    expect(output).toMatch(/CRON_SECRET/);
    expect(output).toMatch(/CORS_ORIGINS/);
    expect(output).not.toContain("c2hvcnQ");
    expect(exitCode).toBe(1);
  });

  test.each([
    ["localhost in production", { VERCEL_ENV: "production" }, /APP_URL names localhost in production/],
    ["a cross-site cookie without https", { COOKIE_SAMESITE: "None" }, /COOKIE_SAMESITE is None/],
  ])("exits with 1 for %s", async (_what, changes, message) => {
    const { exitCode, output } = await doctor(stack, changes);
    expect(output).toMatch(message);
    expect(exitCode).toBe(1);
    expect(output).not.toContain(String(stack.env["AUTH_SECRET"]));
  });

  test("reports an unreachable endpoint and a wrong password, without printing the password", async () => {
    const away = await doctor(stack, { NEON_FETCH_ENDPOINT: "http://127.0.0.1:9/sql" });
    expect(away).toMatchObject({ exitCode: 1, output: expect.stringMatching(/unreachable.*reachable\./s) });
    const url = new URL(String(stack.env["DATABASE_URL"]));
    url.password = "not-the-password";
    const locked = await doctor(stack, { DATABASE_URL: url.href });
    expect(locked.exitCode).toBe(1);
    expect(locked.output).not.toContain("not-the-password");
  });

  test("reports pending migrations until npm run db:migrate has applied them", async () => {
    const own = await startStack();
    const env = {
      ...databaseOf(own),
      DATABASE_URL: own.ownerUrl,
    };
    try {
      await own.sql("drop schema drizzle cascade");
      await own.sql("drop schema public cascade");
      await own.sql("create schema public");
      expect(await doctor(stack, env)).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining("npm run db:migrate"),
      });
      expect(await command("migrate", env)).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining("Applied"),
      });
      expect(await command("migrate", env)).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining("Up to date"),
      });
      expect((await doctor(stack, env)).exitCode).toBe(0);
    } finally {
      await own.stop();
    }
  });
});

test("npm run doctor with a URL says that it reaches the database through the API only", async () => {
  const { output } = await command("doctor", stack.env, stack.origin);
  expect(output).toMatch(/^Database: the one of http:\/\/localhost:\d+, through its API\n/);
  expect(output).toContain("✓ health");
});
