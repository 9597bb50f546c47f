import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EnvName, variables } from "../../../lib/env.js";
import { problems } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { goodPassword, newEmail } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type LogLine, type Stack, startStack, startStackForTest } from "../../stack/stack.js";

const names = Object.keys(variables) as EnvName[];
const none = Object.fromEntries(names.map((name) => [name, undefined]));
const required = names.filter((name) => variables[name].required);
const { status: unconfigured } = problems["server-misconfigured"];

/** The faults of every function that has complained, each once for each function. */
function complaints(stack: Stack): { name: EnvName; hint: string; why?: string }[][] {
  const fatal = stack.logs().filter((line) => line.level === "fatal");
  return fatal.map((line: LogLine) => [...(line["missing"] as []), ...(line["invalid"] as [])]);
}

let sound: Stack;
beforeAll(async () => {
  sound = await startStack();
});
afterAll(() => sound.stop());

describe("without any variable", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ sharing: sound, env: none });
  });
  afterAll(() => stack.stop());

  test("every operation that needs one answers 503 server-misconfigured, and names none", async () => {
    for (const op of routes) {
      const answer = await stack.client().send(op.method.toUpperCase(), op.path.replace(/\{\w+\}/, "x"));
      if (op.needs.length === 0) {
        expect(answer.status, op.id).toBe(200);
        continue;
      }
      expect(answer, op.id).toMatchObject({
        status: unconfigured,
        code: "server-misconfigured",
        setCookies: [],
      });
      expect(Number(answer.headers.get("retry-after")), op.id).toBeGreaterThan(0);
      for (const name of names) expect(answer.text, op.id).not.toContain(name);
    }
  });

  test("an unknown path is still 404, and a page is still served", async () => {
    expect((await stack.client().get("/api/unknown")).code).toBe("not-found");
    expect((await stack.client().get("/")).status).toBe(200);
  });

  test("each function says once, at level fatal, which variables it lacks and what to do", async () => {
    const before = complaints(stack);
    for (let i = 0; i < 3; i += 1) await stack.client().get("/api/auth/me");
    expect(complaints(stack)).toEqual(before);
    const named = new Set(before.flat().map(({ name }) => name));
    expect([...named].sort()).toEqual([...required].sort());
    for (const { name, hint } of before.flat()) expect(hint).toBe(variables[name].hint);
    expect(before).toContainEqual(
      (["DATABASE_URL", "AUTH_SECRET", "APP_URL"] as const).map((name) => ({
        name,
        hint: variables[name].hint,
      })),
    );
  });
});

describe("with bad values", () => {
  const canary = "canary-of-a-value";
  const bad = {
    DATABASE_URL: `mysql://ada:${canary}@db/latchkey`,
    AUTH_SECRET: canary,
    APP_URL: `http://${canary}.example.com`,
    RESEND_API_KEY: "canary",
    MAIL_FROM: `${canary} without an address`,
    CRON_SECRET: canary,
    CORS_ORIGINS: `*,https://${canary}/path`,
    COOKIE_SAMESITE: canary,
    NEON_FETCH_ENDPOINT: `${canary}:1`,
    RESEND_BASE_URL: canary,
  } satisfies Record<EnvName, string>;
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ sharing: sound, env: bad });
  });
  afterAll(() => stack.stop());

  test("GET /api/health answers 200", async () => {
    expect((await stack.client().get("/api/health")).status).toBe(200);
    expect((await stack.client().get("/api/unknown")).status).toBe(404);
  });

  test("one line names each of them with its reason and hint, and no line a value", async () => {
    const answer = await stack.client().get("/api/cron/outbox", { token: "x".repeat(40) });
    expect(answer).toMatchObject({ status: unconfigured, code: "server-misconfigured" });
    const [faults = []] = complaints(stack);
    expect(faults.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { name, hint, why } of faults) {
      expect(hint, name).toBe(variables[name].hint);
      expect(why, name).toMatch(/\w+ \w+/);
    }
    expect(stack.output()).not.toContain("canary");
    expect(answer.text).not.toContain("canary");
  });
});

describe("in contradiction", () => {
  test.each<[EnvName, Record<string, string>]>([
    ["APP_URL", { VERCEL_ENV: "production", APP_URL: "http://localhost:3000" }],
    ["COOKIE_SAMESITE", { COOKIE_SAMESITE: "None", APP_URL: "http://localhost:3000" }],
    ["CORS_ORIGINS", { CORS_ORIGINS: "*" }],
  ])("%s is named, and nobody is logged in", async (name, env) => {
    const stack = await startStackForTest({ sharing: sound, env });
    const ada = await plant(sound);
    const { email, password } = ada;
    const answer = await stack.client().post("/api/auth/login", { email, password });
    expect(answer).toMatchObject({ status: unconfigured, setCookies: [] });
    expect(complaints(stack)).toMatchObject([[{ name, hint: variables[name].hint }]]);
  });
});

describe("without a variable that only some functions need", () => {
  test("no RESEND_API_KEY: tasks and logins work, what mails answers 503 and writes nothing", async () => {
    const stack = await startStackForTest({ sharing: sound, env: { RESEND_API_KEY: undefined } });
    const { email, password } = await plant(sound);
    const client = stack.client();
    const login = await client.post("/api/auth/login", { email, password });
    expect(login.status).toBe(200);
    const access = { token: String(login.json.accessToken) };
    expect((await client.post("/api/tasks", { title: "Water the plants" }, access)).status).toBe(201);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    expect((await client.post("/api/auth/register", person)).code).toBe("server-misconfigured");
    expect(await sound.sql("select id from users where email = $1", [person.email])).toEqual([]);
  });

  test("no CRON_SECRET: nobody can be the cron, not even with an empty secret", async () => {
    const stack = await startStackForTest({ sharing: sound, env: { CRON_SECRET: undefined } });
    for (const authorization of ["Bearer ", "Bearer undefined", ""]) {
      const answer = await stack.client().get("/api/cron/outbox", { headers: { authorization } });
      expect(answer.code).toBe("server-misconfigured");
    }
  });
});
