import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getMe } from "../../../lib/auth/contract/account.js";
import { type EnvName, isRequired, variables } from "../../../lib/env/variables.js";
import { problems } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type LogLine, type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { unsetVariables } from "../structure/outcomes.js";

const names = Object.keys(variables) as EnvName[];
const required = names.filter((name) => isRequired(name));
const misconfigured = { status: problems["server-misconfigured"].status, code: "server-misconfigured" };

/** The missing and invalid variables that each function has reported, one list per log line. */
function reportedVariables(stack: Stack): { name: EnvName; hint: string; why?: string }[][] {
  const fatal = stack.logs().filter((line) => line.level === "fatal");
  return fatal.map((line: LogLine) => [...(line["missing"] as []), ...(line["invalid"] as [])]);
}

let configured: Stack;
beforeAll(async () => {
  configured = await startStack();
});
afterAll(() => configured.stop());

describe("without environment variables", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ sharing: configured, env: unsetVariables });
  });
  afterAll(() => stack.stop());

  // @proof misconfiguration-names-no-variable
  test("every operation that requires a variable returns 503 server-misconfigured without its name", async () => {
    for (const op of routes) {
      const response = await stack.client().send(op.method.toUpperCase(), op.path.replace(/\{\w+\}/, "x"));
      if (op.env.length === 0) {
        expect(response.status, op.id).toBe(200);
        continue;
      }
      expect(response, op.id).toMatchObject({ ...misconfigured, setCookies: [] });
      expect(Number(response.headers.get("retry-after")), op.id).toBeGreaterThan(0);
      for (const name of names) expect(response.text, op.id).not.toContain(name);
    }
  });

  test("an unknown path still returns 404, and the page still loads", async () => {
    expect((await stack.client().get("/api/unknown")).code).toBe("not-found");
    expect((await stack.client().get("/")).status).toBe(200);
  });

  test("each function logs its missing variables and their hints once, at level fatal", async () => {
    const before = reportedVariables(stack);
    for (let i = 0; i < 3; i += 1) await stack.client().get("/api/auth/me");
    expect(reportedVariables(stack)).toEqual(before);
    const named = new Set(before.flat().map(({ name }) => name));
    const hint = "A required variable belongs in `env` of each contract whose handler reads it.";
    expect([...named].sort(), hint).toEqual([...required].sort());
    for (const { name, hint } of before.flat()) expect(hint).toBe(variables[name].hint);
    expect(before).toContainEqual(getMe.env.map((name) => ({ name, hint: variables[name].hint })));
  });
});

describe("with invalid values", () => {
  const canary = "canary-of-a-value";
  /** Every variable rejects the canary, or this value that contains it. */
  const invalidValues: Partial<Record<EnvName, string>> = {
    DATABASE_URL: `mysql://ada:${canary}@db/latchkey`,
    APP_URL: `http://${canary}.example.com`,
    RESEND_API_KEY: "canary",
    CORS_ORIGINS: `*,https://${canary}/path`,
    NEON_FETCH_ENDPOINT: `${canary}:1`,
  };
  const env = Object.fromEntries(names.map((name) => [name, invalidValues[name] ?? canary]));
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ sharing: configured, env });
  });
  afterAll(() => stack.stop());

  test("GET /api/health still returns 200", async () => {
    expect((await stack.client().get("/api/health")).status).toBe(200);
    expect((await stack.client().get("/api/unknown")).status).toBe(404);
  });

  test("the log names every variable with its reason and hint, and contains no value", async () => {
    const response = await stack.client().get("/api/cron/outbox", { token: "x".repeat(40) });
    expect(response).toMatchObject(misconfigured);
    for (const op of routes) await stack.client().send(op.method.toUpperCase(), op.path);
    const reported = reportedVariables(stack).flat();
    const hint = "A variable that accepts any text needs an invalid value in invalidValues in this file.";
    expect([...new Set(reported.map(({ name }) => name))].sort(), hint).toEqual([...names].sort());
    for (const { name, why, ...logged } of reported) {
      expect(logged.hint, name).toBe(variables[name].hint);
      expect(why, name).toMatch(/\w+ \w+/);
    }
    expect(stack.output()).not.toContain("canary");
    expect(response.text).not.toContain("canary");
  });
});

describe("with a contradictory value", () => {
  test.each<[EnvName, Record<string, string>]>([
    ["APP_URL", { VERCEL_ENV: "production", APP_URL: "http://localhost:3000" }],
    ["COOKIE_SAMESITE", { COOKIE_SAMESITE: "None", APP_URL: "http://localhost:3000" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "*" }],
  ])("of %s, POST /api/auth/login returns 503 and the log names it", async (name, env) => {
    const stack = await startStackForTest({ sharing: configured, env });
    const ada = await seedUser(configured);
    const { email, password } = ada;
    const response = await stack.client().post("/api/auth/login", { email, password });
    expect(response).toMatchObject({ status: misconfigured.status, setCookies: [] });
    expect(reportedVariables(stack)).toMatchObject([[{ name, hint: variables[name].hint }]]);
  });
});

describe("without a variable that only some operations need", () => {
  // @proof function-reads-only-its-variables
  test("without RESEND_API_KEY tasks and confirmation work; sign-up and sign-in return 503 and store nothing", async () => {
    const stack = await startStackForTest({ sharing: configured, env: { RESEND_API_KEY: undefined } });
    const { id, email, password, token: accessToken } = await seedUser(configured);
    const client = stack.client();
    const task = await client.post("/api/tasks", { title: "Water the plants" }, { token: accessToken });
    expect(task.status).toBe(201);
    expect((await client.post("/api/auth/login", { email, password })).code).toBe("server-misconfigured");
    expect(await configured.sql("select id from security_events where user_id = $1", [id])).toEqual([]);
    const { token, registration } = await seedRegistration(configured);
    expect((await client.post("/api/auth/verify-email", { token, registration })).status).toBe(200);
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    expect((await client.post("/api/auth/register", person)).code).toBe("server-misconfigured");
    expect(await configured.sql("select id from registrations where email = $1", [person.email])).toEqual([]);
  });

  test("without CRON_SECRET GET /api/cron/outbox returns 503, even for an empty secret", async () => {
    const stack = await startStackForTest({ sharing: configured, env: { CRON_SECRET: undefined } });
    for (const authorization of ["Bearer ", "Bearer undefined", ""]) {
      const response = await stack.client().get("/api/cron/outbox", { headers: { authorization } });
      expect(response.code).toBe("server-misconfigured");
    }
  });
});
