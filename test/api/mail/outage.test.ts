import pLimit from "p-limit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { goodPassword, mailedToken, newEmail, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { mailLines, makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";
import { senders } from "./senders.js";

const faults = ["500", "429", "refuse", "lost", "timeout"] as const;
/** What the log says of each. */
const errors = {
  500: "internal_server_error 500",
  429: "rate_limit_exceeded 429",
  refuse: "ECONNRESET",
  lost: "ECONNRESET",
  timeout: "timeout",
};
/** An answer that waited for a Resend that says nothing would take longer. */
const promptlyMs = outboxLimits.sendTimeoutMs;

describe.concurrent("while Resend is down", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    // Functions are imported at their first request, and that is not what must be prompt.
    for (const { prepare } of senders) await (await prepare(stack)).send();
  });
  afterAll(() => stack.stop());

  test.for(faults)(
    "%s: whatever sends a mail answers at once, and one mail comes later",
    async (fault, { expect }) => {
      // One that times out takes the time of all; the rest must not wait for each other's hashes.
      const limit = pLimit(fault === "timeout" ? senders.length : 2);
      const outcomes = await limit.map(senders, async ({ causes, prepare }) => {
        const { email, send } = await prepare(stack);
        await stack.mailbox.inject({ fault, times: 1, to: email });
        const startedAt = performance.now();
        const { status } = await send();
        const isPrompt = performance.now() - startedAt < promptlyMs;

        const failed = await rowWhen(stack, email, (row) => row.error !== null);
        const isBackingOff = Math.abs(failed.dueIn / outboxLimits.firstRetrySeconds - 1) < 0.6;
        await stack.log((line) => line["mail"] === failed.id);
        const lines = mailLines(stack, failed.id).map(({ kind, attempt, outcome, error }) => [
          kind,
          attempt,
          outcome,
          error,
        ]);
        const { attempts, isSent, isDead } = failed;

        await makeDue(stack, email);
        await runCron(stack);
        const sent = await rowWhen(stack, email, (row) => row.isSent);
        const subjectsOfMails = (await stack.mailbox.mails(email)).map(({ subject }) => subject);
        const later = { attempts: sent.attempts, subjects: subjectsOfMails };
        return { causes, status, isPrompt, isBackingOff, lines, attempts, isSent, isDead, later };
      });
      expect(outcomes).toEqual(
        senders.map(({ causes, status, kind, subject }) => ({
          causes,
          status,
          isPrompt: true,
          isBackingOff: true,
          lines: [[kind, 1, "failed", errors[fault]]],
          attempts: 1,
          isSent: false,
          isDead: false,
          later: { attempts: 2, subjects: [subject] },
        })),
      );
    },
  );

  test.for(faults)(
    "%s: the link of the mail that comes later confirms the address",
    async (fault, { expect }) => {
      const person = { email: newEmail(), password: goodPassword(), name: "Ada" };
      await stack.mailbox.inject({ fault, times: 1, to: person.email });
      await stack.client().post("/api/auth/register", person);
      await rowWhen(stack, person.email, (row) => row.error !== null);
      await makeDue(stack, person.email);
      await runCron(stack);
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
