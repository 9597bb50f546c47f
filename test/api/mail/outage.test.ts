import pLimit from "p-limit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signUp, subjects } from "../../stack/users.js";
import { emailTriggers } from "./email-triggers.js";
import {
  attemptLines,
  isAboutEmail,
  makeDue,
  recordResultsSql,
  rowsOf,
  rowWhen,
  runCron,
} from "./outbox-rows.js";

const faults = ["500", "429", "refuse", "lost", "timeout"] as const;
/** The error that the log names for each fault. */
const loggedErrors = {
  500: "internal_server_error 500",
  429: "rate_limit_exceeded 429",
  refuse: "ECONNRESET",
  lost: "ECONNRESET",
  timeout: "timeout",
};
/** Each run asks twice after a 429. */
const timesOf = (fault: (typeof faults)[number]) => (fault === "429" ? 2 : 1);
/** A response that waited for a silent Resend would take longer. */
const promptMs = outboxLimits.sendTimeoutMs;

describe.concurrent("while Resend is down", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    // Each function is imported at its first request, which must not count towards the time measured below.
    for (const { prepare } of emailTriggers) await (await prepare(stack)).send();
  });
  afterAll(() => stack.stop());

  test.for(faults)(
    "%s: every endpoint that sends email responds promptly, and one email arrives later",
    async (fault, { expect }) => {
      // Time-outs overlap to save time. Other faults run two at a time, so that password hashing delays no response.
      const limit = pLimit(fault === "timeout" ? emailTriggers.length : 2);
      const outcomes = await limit.map(emailTriggers, async ({ name, status, prepare }) => {
        const { email, send } = await prepare(stack);
        await stack.mailbox.inject({ fault, times: timesOf(fault), to: email });
        const startedAt = performance.now();
        const response = await send();
        const isPrompt = performance.now() - startedAt < promptMs;
        expect(response.status, `${name}: ${response.text}`).toBe(status);

        const failed = await rowWhen(stack, email, (row) => row.error !== null);
        const isBackingOff = Math.abs(failed.dueIn / outboxLimits.firstRetrySeconds - 1) < 0.6;
        await stack.waitForLog(isAboutEmail(failed.id));
        const lines = attemptLines(stack, failed.id).map(({ kind, attempt, outcome, error }) => [
          kind,
          attempt,
          outcome,
          error,
        ]);
        const { attempts, isSent, isDead } = failed;

        await makeDue(stack, email);
        await runCron(stack);
        const sent = await rowWhen(stack, email, (row) => row.isSent);
        const receivedSubjects = (await stack.mailbox.mails(email)).map(({ subject }) => subject);
        const delivery = { attempts: sent.attempts, subjects: receivedSubjects };
        return { name, isPrompt, isBackingOff, lines, attempts, isSent, isDead, delivery };
      });
      expect(outcomes).toEqual(
        emailTriggers.map(({ name, kind, subject }) => ({
          name,
          isPrompt: true,
          isBackingOff: true,
          lines: [[kind, 1, "failed", loggedErrors[fault]]],
          attempts: 1,
          isSent: false,
          isDead: false,
          delivery: { attempts: 2, subjects: [subject] },
        })),
      );
    },
  );

  test.for(faults)("%s: the link in the delayed email confirms the address", async (fault, { expect }) => {
    const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
    await stack.mailbox.inject({ fault, times: timesOf(fault), to: person.email });
    const { registration } = (await stack.client().post("/api/auth/register", person)).json;
    await rowWhen(stack, person.email, (row) => row.error !== null);
    await makeDue(stack, person.email);
    await runCron(stack);
    const token = await emailedToken(stack, person.email, subjects.verify);
    const confirmed = await stack.client().post("/api/auth/verify-email", { token, registration });
    expect(confirmed.json.user).toMatchObject({ email: person.email });
  });

  test("due email is sent after the next request that sends email", async ({ expect }) => {
    const email = newEmail();
    await stack.mailbox.inject({ fault: "500", times: 1, to: email });
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    await rowWhen(stack, email, (row) => row.error !== null);
    await makeDue(stack, email);
    await stack.client().post("/api/auth/forgot-password", { email: newEmail() });
    await rowWhen(stack, email, (row) => row.isSent);
    expect(await stack.mailbox.mails(email)).toHaveLength(1);
  });

  test("due email is sent after the next POST /api/auth/refresh", async ({ expect }) => {
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

  test("an email is delivered once when the database response after sending it is lost", async ({
    expect,
  }) => {
    const other = await startStack();
    const email = newEmail();
    const fault = { kind: "lost" as const };
    await other.neon.inject(other.databaseName, {
      fault: { kind: "refuse" },
      match: recordResultsSql,
      times: 1,
    });
    await other.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    await other.waitForLog((line) => line.msg === "outbox" && line.level === "error");
    expect(await rowsOf(other, email)).toMatchObject([{ attempts: 1, isSent: false }]);
    await makeDue(other, email);
    await other.neon.inject(other.databaseName, { fault, match: recordResultsSql, times: 1 });
    await runCron(other);
    await rowWhen(other, email, (row) => row.isSent);
    expect(await rowsOf(other, email)).toMatchObject([{ attempts: 2, isSent: true }]);
    expect(await other.mailbox.mails(email)).toHaveLength(1);
    await other.stop();
  });
});
