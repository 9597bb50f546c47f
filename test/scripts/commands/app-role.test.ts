import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { signUp } from "../../stack/users.js";
import { command, databaseOf, doctor, type Variables } from "./run-command.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("npm run db:app-role", () => {
  const createRole = (name: string, changes: Variables = {}) => {
    const env = databaseOf(stack);
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
    expect(await doctor(stack, { DATABASE_URL: url })).toMatchObject({
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
    const { exitCode, output } = await doctor(stack, { DATABASE_URL: stack.ownerUrl });
    expect(output).toMatch(
      /^! The role in DATABASE_URL, \w+, .*owns the tables.*\n {2}.*npm run db:app-role/m,
    );
    expect(exitCode).toBe(0);
  });
});
