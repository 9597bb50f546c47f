import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventsAbout } from "../../api/admin/admin-events.js";
import { runCron } from "../../api/mail/outbox-rows.js";
import { auditOf } from "../../audit/chained-events.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, subjects } from "../../stack/users.js";
import { command, databaseOf } from "./run-command.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe("npm run grant-admin", () => {
  const grant = (...args: string[]) => {
    const env = { ...databaseOf(stack), AUTH_SECRET: stack.env["AUTH_SECRET"] };
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
