import { afterAll, beforeAll, describe, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { goodPassword, mailedToken, newEmail, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { mailLines, makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";

const faults = ["500", "429", "refuse", "lost", "timeout"] as const;
/** Far below what a request to Resend may take, far above what an answer does. */
const promptlyMs = 4_000;

describe.concurrent("while Resend is down", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  test.for(faults)(
    "%s: POST /api/auth/register answers 202 at once, and one mail comes later",
    async (fault, { expect }) => {
      const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
      await stack.mailbox.inject({ fault, times: 1, to: person.email });
      const startedAt = performance.now();
      const answer = await stack.client().post("/api/auth/register", person);
      expect(answer.status).toBe(202);
      expect(performance.now() - startedAt).toBeLessThan(promptlyMs);

      const failed = await rowWhen(stack, person.email, (row) => row.error !== null);
      expect(failed).toMatchObject({ attempts: 1, isSent: false, isDead: false });
      expect(failed.dueIn).toBeGreaterThan(outboxLimits.firstRetrySeconds * 0.5);
      expect(failed.dueIn).toBeLessThan(outboxLimits.firstRetrySeconds * 1.5);
      expect(mailLines(stack, failed.id)).toMatchObject([
        { level: "warn", kind: "verify-email", attempt: 1, outcome: "failed", error: failed.error },
      ]);

      await makeDue(stack, person.email);
      expect((await runCron(stack)).status).toBe(200);
      await rowWhen(stack, person.email, (row) => row.isSent);
      expect(await stack.mailbox.mails(person.email)).toHaveLength(1);
      const token = await mailedToken(stack, person.email, subjects.verify);
      expect((await stack.client().post("/api/auth/verify-email", { token })).status).toBe(200);
    },
  );

  test("what is due goes out with the next mail of anybody", async ({ expect }) => {
    const email = newEmail();
    await stack.mailbox.inject({ fault: "500", times: 1, to: email });
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    await rowWhen(stack, email, (row) => row.error !== null);
    await makeDue(stack, email);
    await stack.client().post("/api/auth/forgot-password", { email: newEmail() });
    await rowWhen(stack, email, (row) => row.isSent);
    expect(await stack.mailbox.mails(email)).toHaveLength(1);
  });

  test("what is due goes out with the next POST /api/auth/refresh", async ({ expect }) => {
    const ada = await signUp(stack);
    const email = newEmail();
    await stack.mailbox.inject({ fault: "500", times: 1, to: email });
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Eve" });
    await rowWhen(stack, email, (row) => row.error !== null);
    await makeDue(stack, email);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    await rowWhen(stack, email, (row) => row.isSent);
    expect(await stack.mailbox.mails(email)).toHaveLength(1);
  });

  test("an answer of the database that is lost after the send makes no second mail", async ({ expect }) => {
    const other = await startStack();
    const email = newEmail();
    const fault = { kind: "lost" as const };
    await other.neon.inject(other.databaseName, {
      fault: { kind: "refuse" },
      match: "update outbox as o",
      times: 1,
    });
    await other.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    await other.log((line) => line.msg === "outbox" && line.level === "error");
    expect(await rowsOf(other, email)).toMatchObject([{ attempts: 1, isSent: false }]);
    await makeDue(other, email);
    await other.neon.inject(other.databaseName, { fault, match: "update outbox as o", times: 1 });
    await runCron(other);
    await rowWhen(other, email, (row) => row.isSent);
    expect(await rowsOf(other, email)).toMatchObject([{ attempts: 2, isSent: true }]);
    expect(await other.mailbox.mails(email)).toHaveLength(1);
    await other.stop();
  });
});
