import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { goodPassword, newEmail } from "../../stack/people.js";
import { type LogLine, type Stack, startStack } from "../../stack/stack.js";
import { mailLines, makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";
import {
  accepted,
  type RecordingResend,
  type ResendAnswer,
  refused,
  startRecordingResend,
} from "./recording-resend.js";

describe("what becomes of a mail", () => {
  let stack: Stack;
  let resend: RecordingResend;
  beforeAll(async () => {
    resend = await startRecordingResend();
    stack = await startStack({ env: { RESEND_BASE_URL: resend.origin } });
  });
  afterAll(async () => {
    await stack.stop();
    resend.stop();
  });

  async function registered(...answers: ResendAnswer[]) {
    const email = newEmail();
    if (answers.length > 0) resend.answer(email, ...answers);
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    const row = await rowWhen(stack, email, (r) => r.isSent || r.error !== null);
    return { email, row };
  }

  test("Resend is given the row's id as idempotency key, the key of the account, and the sender", async () => {
    const { email, row } = await registered();
    expect(row).toMatchObject({ isSent: true, attempts: 1, error: null });
    const [call] = resend.to(email);
    expect(call?.key).toBe(row.id);
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ from: stack.env["MAIL_FROM"], to: email });
  });

  test("every attempt at one mail is the same request, to the byte", async () => {
    const { email } = await registered(refused(500, "internal_server_error"), accepted);
    await makeDue(stack, email);
    await runCron(stack);
    await rowWhen(stack, email, (row) => row.isSent);
    const [first, second, ...more] = resend.to(email);
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  });

  test.each([
    ["validation_error 422", refused(422, "validation_error")],
    ["validation_error 400", refused(400, "validation_error")],
  ])("%s: the mail is dead at once, logged as an error, and never tried again", async (error, answer) => {
    const { email, row } = await registered(answer);
    expect(row).toMatchObject({ isDead: true, isSent: false, error });
    expect(mailLines(stack, row.id)).toMatchObject([{ level: "error", outcome: "dead", attempt: 1, error }]);
    await makeDue(stack, email);
    await runCron(stack);
    expect((await rowsOf(stack, email))[0]).toMatchObject({ attempts: 1, isDead: true });
    expect(resend.to(email)).toHaveLength(1);
  });

  test.each([
    ["a key that is missing", "missing_api_key 401", refused(401, "missing_api_key")],
    ["a key that is not known", "invalid_api_key 403", refused(403, "invalid_api_key")],
    ["a quota that is spent", "daily_quota_exceeded 429", refused(429, "daily_quota_exceeded")],
    [
      "a key of the mail that is in use",
      "concurrent_idempotent_requests 409",
      refused(409, "concurrent_idempotent_requests"),
    ],
    ["a fault of Resend", "application_error 500", refused(500, "application_error")],
    ["an error page", "application_error 502", { status: 502, body: "<html>Bad gateway" }],
    ["an error without a word", "application_error 500", { status: 500, body: null }],
    ["a success that is no JSON", "SyntaxError", { status: 200, body: "<html>Sign in to this network" }],
    ["a success that says nothing", "SyntaxError", { status: 200, body: "" }],
  ])("%s, %s: the mail is tried again", async (_title, error, answer) => {
    const { email, row } = await registered(answer, accepted);
    expect(row).toMatchObject({ isDead: false, isSent: false, attempts: 1, error });
    expect(mailLines(stack, row.id)).toMatchObject([{ level: "warn", outcome: "failed", error }]);
    await makeDue(stack, email);
    await runCron(stack);
    expect(await rowWhen(stack, email, (r) => r.isSent)).toMatchObject({ attempts: 2, error: null });
  });

  test("409 invalid_idempotent_request: an earlier attempt had arrived, so the mail counts as sent", async () => {
    const { row } = await registered(refused(409, "invalid_idempotent_request"));
    expect(row).toMatchObject({ isSent: true, isDead: false });
  });

  test("the last attempt that fails makes the mail dead, which is logged as an error", async () => {
    const { email, row } = await registered(refused(500, "internal_server_error"));
    await stack.sql("update outbox set attempts = $1 where id = $2", [outboxLimits.maxAttempts - 1, row.id]);
    await makeDue(stack, email);
    await runCron(stack);
    const dead = await rowWhen(stack, email, (r) => r.isDead);
    expect(dead.attempts).toBe(outboxLimits.maxAttempts);
    expect(mailLines(stack, row.id).at(-1)).toMatchObject({ level: "error", outcome: "dead" });
    expect(resend.to(email)).toHaveLength(2);
  });

  test.each([
    ["has expired", "expires_at = now() - interval '1 second'"],
    ["has no attempt left", `attempts = ${outboxLimits.maxAttempts}`],
  ])("a mail that %s is given up without a call, and logged as an error", async (_title, change) => {
    const { email, row } = await registered(refused(500, "internal_server_error"));
    await stack.sql(`update outbox set ${change} where id = $1`, [row.id]);
    await makeDue(stack, email);
    await runCron(stack);
    expect(await rowWhen(stack, email, (r) => r.isDead)).toMatchObject({ isSent: false });
    const isReport = (line: LogLine) => line["mail"] === row.id && line["outcome"] === "dead";
    expect(await stack.log(isReport)).toMatchObject({ level: "error", kind: "verify-email" });
    await makeDue(stack, email);
    await runCron(stack);
    expect(stack.logs().filter(isReport)).toHaveLength(1);
    expect(resend.to(email)).toHaveLength(1);
  });

  test("no line of the log names an address", () => {
    for (const { to } of resend.calls) expect(stack.output()).not.toContain(to);
  });
});
