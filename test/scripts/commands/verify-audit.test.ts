import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordEvents } from "../../audit/chained-events.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { command, databaseOf, type Variables } from "./run-command.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("npm run verify-audit", () => {
  const verify = (changes: Variables = {}, ...args: string[]) => {
    const env = { ...databaseOf(stack), AUTH_SECRET: stack.env["AUTH_SECRET"] };
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
