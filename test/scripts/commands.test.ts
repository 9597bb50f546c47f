import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EnvName, isRequired, variables } from "../../lib/env/variables.js";
import { eventsAbout } from "../api/admin/admin-events.js";
import { runCron } from "../api/mail/outbox-rows.js";
import { auditOf, recordEvents } from "../audit/chained-events.js";
import { seedRegistration, seedUser } from "../stack/seed.js";
import { type Stack, startStack, startStackForTest } from "../stack/stack.js";
import { signUp, subjects } from "../stack/users.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reachable = ["DATABASE_URL", "NEON_FETCH_ENDPOINT"] as const;

type Result = { exitCode: number; output: string };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Variables = Record<string, string | undefined>;

/** Runs an operator's command with only this environment. `DATA_DIR` hides a running `npm run dev`. */
const command = (script: string, env: Variables, ...args: string[]) => commandIn(root, script, env, args);

function commandIn(cwd: string, script: string, env: Variables, args: string[]): Promise<Result> {
  const defined = Object.entries({ PATH: process.env["PATH"], DATA_DIR: "/nonexistent", ...env }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new Promise((resolve) => {
    const run = ["--import", "tsx", `scripts/${script}.ts`, ...args];
    const options = { cwd, env: Object.fromEntries(defined) };
    execFile(process.execPath, run, options, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

const doctor = (changes: Record<string, string | undefined> = {}) =>
  command("doctor", { ...stack.env, ...changes });

describe("npm run doctor", () => {
  test("exits with 0 when the environment is valid", async () => {
    const { exitCode, output } = await doctor();
    expect(output).toContain("Every variable is set");
    expect(exitCode).toBe(0);
  });

  test("exits with 1 and names every missing variable with a hint", async () => {
    const required = Object.entries(variables).filter(([name]) => isRequired(name as EnvName));
    // Empty, not absent, so that a developer's .env cannot fill them in.
    const { exitCode, output } = await doctor(Object.fromEntries(required.map(([name]) => [name, ""])));
    expect(exitCode).toBe(1);
    for (const [name, { hint }] of required) {
      expect(output).toContain(`${name} is missing`);
      expect(output).toContain(hint);
    }
  });

  test.each([
    ["a short secret", { AUTH_SECRET: "c2hvcnQ" }, /AUTH_SECRET every secret must be at least 32/],
    ["a secret of one repeated letter", { AUTH_SECRET: "A".repeat(43) }, /AUTH_SECRET every secret/],
    ["a short cron secret", { CRON_SECRET: "short" }, /CRON_SECRET/],
    ["plain http", { APP_URL: "http://app.example.com" }, /APP_URL must use https/],
    ["localhost in production", { VERCEL_ENV: "production" }, /APP_URL names localhost in production/],
    ["a path in the origin", { APP_URL: "https://app.example.com/x" }, /APP_URL must be an origin/],
    ["a cross-site cookie without https", { COOKIE_SAMESITE: "None" }, /COOKIE_SAMESITE is None/],
    ["any origin", { CORS_ORIGINS: "*" }, /CORS_ORIGINS/],
    ["a sender without an address", { MAIL_FROM: "Latchkey" }, /MAIL_FROM must be an email address/],
    ["a database without a name", { DATABASE_URL: "postgres://u:p@host" }, /DATABASE_URL must look like/],
  ])("exits with 1 for %s", async (_what, changes, message) => {
    const { exitCode, output } = await doctor(changes);
    expect(output).toMatch(message);
    expect(exitCode).toBe(1);
    expect(output).not.toContain(String(stack.env["AUTH_SECRET"]));
  });

  test("reports an unreachable endpoint and a wrong password, without printing the password", async () => {
    const away = await doctor({ NEON_FETCH_ENDPOINT: "http://127.0.0.1:9/sql" });
    expect(away).toMatchObject({ exitCode: 1, output: expect.stringMatching(/unreachable.*reachable\./s) });
    const url = new URL(String(stack.env["DATABASE_URL"]));
    url.password = "not-the-password";
    const locked = await doctor({ DATABASE_URL: url.href });
    expect(locked.exitCode).toBe(1);
    expect(locked.output).not.toContain("not-the-password");
  });

  test("reports pending migrations until npm run db:migrate has applied them", async () => {
    const own = await startStack();
    const env = {
      ...Object.fromEntries(reachable.map((name) => [name, own.env[name]])),
      DATABASE_URL: own.ownerUrl,
    };
    try {
      await own.sql("drop schema drizzle cascade");
      await own.sql("drop schema public cascade");
      await own.sql("create schema public");
      expect(await doctor(env)).toMatchObject({
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
      expect((await doctor(env)).exitCode).toBe(0);
    } finally {
      await own.stop();
    }
  });
});

describe("npm run grant-admin", () => {
  const grant = (...args: string[]) => {
    const env = Object.fromEntries([...reachable, "AUTH_SECRET"].map((name) => [name, stack.env[name]]));
    return command("grant-admin", env, ...args);
  };

  test("makes an account an admin, whatever the case of the address, and its current token works", async () => {
    const person = await signUp(stack);
    expect((await person.client.get("/api/admin/users", { token: person.token })).code).toBe("forbidden");
    expect(await grant(person.email.toUpperCase())).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("is an admin now"),
    });
    expect((await person.client.get("/api/admin/users", { token: person.token })).status).toBe(200);
  });

  test("records the change without an actor, and leaves emails for the deployment, once", async () => {
    const [admin, person] = [await seedUser(stack, { role: "admin" }), await seedUser(stack)];
    expect((await grant(person.email)).output).toContain("The deployment emails");
    expect(await grant(person.email)).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("is an admin already"),
    });
    expect((await auditOf(stack)).faults).toEqual([]);
    expect(await eventsAbout(admin, person)).toMatchObject([
      { action: "promoted", actor: null, requestId: null, after: { role: "admin" } },
    ]);
    await runCron(stack);
    await stack.mailbox.waitForMail(person.email, { subject: subjects.promoted });
    const { text } = await stack.mailbox.waitForMail(admin.email, { subject: subjects.adminAdded });
    expect(text).toContain(person.email);
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(person.email)).toHaveLength(1);
  });

  test("exits with 1 for an unknown address, an unconfirmed one and a missing one", async () => {
    const { email } = await seedRegistration(stack);
    for (const address of ["nobody@example.com", email]) {
      expect(await grant(address)).toMatchObject({
        exitCode: 1,
        output: expect.stringMatching(/No account.*confirm the address/),
      });
    }
    expect(await grant()).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("npm run grant-admin --"),
    });
  });
});

describe("npm run verify-audit", () => {
  const verify = (changes: Variables = {}, ...args: string[]) => {
    const env = Object.fromEntries([...reachable, "AUTH_SECRET"].map((name) => [name, stack.env[name]]));
    return command("verify-audit", { ...env, ...changes }, ...args);
  };

  test("exits with 0 if every chain is intact, and with 1 and a sentence for each that is not", async () => {
    const { id } = await seedUser(stack);
    await recordEvents(stack, "security", id, 3);
    expect(await verify()).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/No event was changed, removed or inserted: \d+ checked\./),
    });
    await stack.sql("delete from security_events where user_id = $1 and seq = 2", [id]);
    expect(await verify()).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining(`Security event 2 of account ${id} was removed.\n`),
    });
    await stack.sql("delete from users where id = $1", [id]);
    expect((await verify()).exitCode).toBe(0);
  });

  test("exits with 1 without AUTH_SECRET, and for a malformed time, and prints no secret", async () => {
    const missing = await verify({ AUTH_SECRET: "" });
    expect(missing).toMatchObject({ exitCode: 1, output: expect.stringContaining("AUTH_SECRET is missing") });
    const malformed = await verify({}, "yesterday");
    expect(malformed).toMatchObject({ exitCode: 1, output: expect.stringContaining("must look like 2026-") });
    for (const { output } of [missing, malformed, await verify()])
      expect(output).not.toContain(String(stack.env["AUTH_SECRET"]));
  });
});

/** The database that the line names, such as `app on localhost:5432, through 127.0.0.1:4000`. */
const databaseLine = ({ DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint }: Record<string, string>) => {
  const { host, pathname } = new URL(String(url));
  return `Database: ${pathname.slice(1)} on ${host}, through ${new URL(String(endpoint)).host}\n`;
};

describe("npm run db:app-role", () => {
  const createRole = (name: string, changes: Variables = {}) => {
    const env = Object.fromEntries(reachable.map((variable) => [variable, stack.env[variable]]));
    return command("app-role", { ...env, DATABASE_URL: stack.ownerUrl, ...changes }, name);
  };

  // @proof app-role-serves-every-request
  test("creates a role whose connection string it shows once, and with which the functions work", async () => {
    const role = `app_${randomBytes(6).toString("hex")}`;
    const created = await createRole(role);
    expect(created.exitCode, created.output).toBe(0);
    const url = /^postgres\S+$/m.exec(created.output)?.[0];
    const server = await startStackForTest({ sharing: stack, env: { DATABASE_URL: url } });
    const person = await signUp(server);
    expect((await person.client.get("/api/tasks", { token: person.token })).status).toBe(200);
    expect(await doctor({ DATABASE_URL: url })).toMatchObject({
      exitCode: 0,
      output: expect.not.stringContaining("! "),
    });

    const again = await createRole(role);
    expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("password is unchanged") });
    expect(again.output).not.toMatch(/postgres(ql)?:/);
    expect((await server.client().get("/api/ready")).status).toBe(200);
    await stack.sql(`grant ${role} to current_user`);
    await stack.sql(`drop owned by ${role}`);
    await stack.sql(`drop role ${role}`);
  });

  test("connects as MIGRATE_DATABASE_URL, and names that variable if it is malformed", async () => {
    const role = { DATABASE_URL: stack.env["DATABASE_URL"] };
    const asOwner = await createRole("latchkey_app", { ...role, MIGRATE_DATABASE_URL: stack.ownerUrl });
    expect(asOwner).toMatchObject({ exitCode: 0, output: expect.stringContaining("has its grants again") });
    const malformed = await createRole("latchkey_app", {
      ...role,
      MIGRATE_DATABASE_URL: "postgres://owner@",
    });
    expect(malformed).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("MIGRATE_DATABASE_URL must look like"),
    });
  });

  test("exits with 1 for the owner of the tables, and for a caller that does not own them", async () => {
    const owner = new URL(stack.ownerUrl).username;
    expect(await createRole(owner)).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/owns the tables/),
    });
    expect(await createRole("another_app", { DATABASE_URL: stack.env["DATABASE_URL"] })).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("permission denied"),
    });
  });

  test("npm run doctor warns about the owner of the tables, and exits with 0", async () => {
    const { exitCode, output } = await doctor({ DATABASE_URL: stack.ownerUrl });
    expect(output).toMatch(
      /^! The role in DATABASE_URL, \w+, .*owns the tables.*\n {2}.*npm run db:app-role/m,
    );
    expect(exitCode).toBe(0);
  });
});

describe.each([
  ["db:migrate", "migrate", [], "Up to date"],
  ["db:app-role", "app-role", [], "has its grants again"],
  ["grant-admin", "grant-admin", ["ada@example.com"], "No account"],
  ["verify-audit", "verify-audit", [], "No event was changed"],
  ["doctor", "doctor", [], "Every variable is set"],
])("npm run %s", (_name, script, args, outcome) => {
  let copy: string;
  /** A copy, because a developer may have these files. */
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "latchkey-commands-"));
    for (const part of ["db", "lib", "scripts", "package.json", "tsconfig.json"])
      await cp(join(root, part), join(copy, part), { recursive: true });
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
    await mkdir(join(copy, "data"));
    const decoy = "DATABASE_URL=postgresql://me:decoy@decoy.invalid/decoy\nCORS_ORIGINS=decoy\n";
    await writeFile(join(copy, ".env"), decoy);
    await writeFile(join(copy, "data/running.env"), decoy);
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  const operatorEnv = () => ({ ...stack.env, MIGRATE_DATABASE_URL: stack.ownerUrl });

  const run = (env: Variables, ...options: string[]) =>
    commandIn(copy, script, { DATA_DIR: join(copy, "data"), ...env }, [...options, ...args]);

  test("says first which database it uses, without user and password", async () => {
    const { output } = await command(script, operatorEnv(), ...args);
    expect(output).toContain(outcome);
    expect(output.startsWith(databaseLine(stack.env)), output).toBe(true);
    expect(output).not.toContain(new URL(String(stack.env["DATABASE_URL"])).password);
  });

  test("with --production reads .env.production, and neither .env nor running services", async () => {
    const missing = await run({}, "--production");
    expect(missing.exitCode).toBe(1);
    expect(missing.output).toContain(".env.production does not exist. Create it");

    const lines = Object.entries(operatorEnv()).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
    await writeFile(join(copy, ".env.production"), lines.join(""));
    const { output } = await run({}, "--production");
    expect(output).toContain(outcome);
    expect(output.startsWith(databaseLine(stack.env)), output).toBe(true);
    expect((await run({})).output).toMatch(/^Database: decoy on decoy\.invalid\n/);

    const other = {
      DATABASE_URL: "postgresql://me:other@other.invalid/other",
      NEON_FETCH_ENDPOINT: "",
      MIGRATE_DATABASE_URL: "",
    };
    expect((await run(other, "--production")).output).toMatch(/^Database: other on other\.invalid\n/);
  });

  test("refuses an option that it does not know, and too many arguments", async () => {
    for (const extra of [["--prod"], ["one", "two"]]) {
      const { exitCode, output } = await command(script, {}, ...extra);
      expect(exitCode).toBe(1);
      expect(output).toMatch(/Unknown option '--prod'|Unexpected argument/);
    }
  });
});

test("npm run doctor with a URL says that it reaches the database through the API only", async () => {
  const { output } = await command("doctor", stack.env, stack.origin);
  expect(output).toMatch(/^Database: the one of http:\/\/localhost:\d+, through its API\n/);
  expect(output).toContain("✓ health");
});

describe("npm run db:generate", () => {
  test("exits with 1 without a name", async () => {
    expect(await command("generate-migration", {})).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("--name add_notes"),
    });
  });
});

describe("npm run build", () => {
  test("on Vercel exits with 1 and names every missing variable, without values", async () => {
    const { exitCode, output } = await command("build", {
      VERCEL: "1",
      APP_URL: "http://app.example.com",
      MAIL_FROM: "",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("DATABASE_URL is missing");
    expect(output).toContain("APP_URL must use https");
    expect(output).not.toContain("app.example.com\n");
  });

  describe("with MIGRATE_ON_DEPLOY=on in production", () => {
    const vercel = {
      VERCEL: "1",
      VERCEL_ENV: "production",
      MIGRATE_ON_DEPLOY: "on",
      APP_URL: "https://app.example.com",
    };
    const journal = "select id, hash from drizzle.__drizzle_migrations order by id";
    const columns =
      "select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, 2";

    test("applies the pending migrations after the build", async () => {
      const own = await startStack();
      try {
        await own.sql("drop schema drizzle cascade");
        await own.sql("drop schema public cascade");
        await own.sql("create schema public");
        const { exitCode, output } = await command("build", {
          ...own.env,
          ...vercel,
          DATABASE_URL: own.ownerUrl,
        });
        expect(output).toMatch(/Applied \d+ of \d+ migrations/);
        expect(exitCode).toBe(0);
        expect((await doctor({ ...own.env, DATABASE_URL: own.ownerUrl })).exitCode).toBe(0);
      } finally {
        await own.stop();
      }
    });

    test("exits with 1 and leaves the database unchanged when a migration fails", async () => {
      const own = await startStack();
      try {
        // The first migration becomes pending again, and its tables exist already.
        await own.sql("delete from drizzle.__drizzle_migrations");
        const before = await own.sql(columns);
        const { exitCode, output } = await command("build", {
          ...own.env,
          ...vercel,
          DATABASE_URL: own.ownerUrl,
        });
        expect(output).toContain("The build stopped because the migration failed");
        expect(exitCode).toBe(1);
        expect(await own.sql(columns)).toEqual(before);
        expect(await own.sql(journal)).toEqual([]);
      } finally {
        await own.stop();
      }
    });
  });
});
