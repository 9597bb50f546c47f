import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { command, commandIn, root, type Variables } from "./run-command.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** The database that the line names, such as `app on localhost:5432, through 127.0.0.1:4000`. */
const databaseLine = ({ DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint }: Record<string, string>) => {
  const { host, pathname } = new URL(String(url));
  return `Database: ${pathname.slice(1)} on ${host}, through ${new URL(String(endpoint)).host}\n`;
};

describe("a command for operators", () => {
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

  const production = () => join(copy, ".env.production");

  function writeProduction(): Promise<void> {
    const env = { ...stack.env, MIGRATE_DATABASE_URL: stack.ownerUrl };
    const lines = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
    return writeFile(production(), lines.join(""));
  }

  const run = (script: string, env: Variables, ...args: string[]) =>
    commandIn(copy, script, { DATA_DIR: join(copy, "data"), ...env }, args);

  const commands = [
    ["db:migrate", "migrate", [], "Up to date"],
    ["db:app-role", "app-role", [], "has its grants again"],
    ["grant-admin", "grant-admin", ["ada@example.com"], "No account"],
    ["verify-audit", "verify-audit", [], "No event was changed"],
    ["doctor", "doctor", [], "Every variable is set"],
  ] as const;

  test.each(commands)(
    "npm run %s -- --production reads .env.production, and says first which database that is",
    async (_name, script, args, outcome) => {
      await writeProduction();
      const { output } = await run(script, {}, "--production", ...args);
      expect(output).toContain(outcome);
      expect(output.startsWith(databaseLine(stack.env)), output).toBe(true);
      expect(output).not.toContain(new URL(String(stack.env["DATABASE_URL"])).password);
    },
  );

  test.each(commands)(
    "npm run %s refuses an option that it does not know, and too many arguments",
    async (_name, script) => {
      for (const extra of [["--prod"], ["one", "two"]]) {
        const { exitCode, output } = await command(script, {}, ...extra);
        expect(exitCode).toBe(1);
        expect(output).toMatch(/Unknown option '--prod'|Unexpected argument/);
      }
    },
  );

  // All of them read the environment with the same function.
  test("needs that file for --production, and variables that are set come first", async () => {
    await rm(production(), { force: true });
    const missing = await run("migrate", {}, "--production");
    expect(missing.exitCode).toBe(1);
    expect(missing.output).toContain(".env.production does not exist. Create it");
    expect((await run("migrate", {})).output).toMatch(/^Database: decoy on decoy\.invalid\n/);

    await writeProduction();
    const other = {
      DATABASE_URL: "postgresql://me:other@other.invalid/other",
      NEON_FETCH_ENDPOINT: "",
      MIGRATE_DATABASE_URL: "",
    };
    const { output } = await run("migrate", other, "--production");
    expect(output).toMatch(/^Database: other on other\.invalid\n/);
  });
});
