import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { type LogLine, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { attemptLines, isAboutEmail, makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";
import {
  accepted,
  type RecordingResend,
  type ResendResponse,
  refused,
  startRecordingResend,
} from "./recording-resend.js";

describe("the result of sending an email", () => {
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

  async function signUpWithResponses(...responses: ResendResponse[]) {
    const email = newEmail();
    if (responses.length > 0) resend.respond(email, ...responses);
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    const row = await rowWhen(stack, email, (r) => r.isSent || r.error !== null);
    return { email, row };
  }

  test("the request to Resend carries the row's id as idempotency key, and the sender", async () => {
    const { email, row } = await signUpWithResponses();
    expect(row).toMatchObject({ isSent: true, attempts: 1, error: null });
    const [call] = resend.to(email);
    expect(call?.key).toBe(row.id);
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ from: stack.env["MAIL_FROM"], to: email });
  });

  test("a retry repeats the request byte for byte", async () => {
    const { email } = await signUpWithResponses(refused(500, "internal_server_error"), accepted);
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
  ])(
    "%s: the email is dead after one attempt, logged as an error, and never retried",
    async (error, response) => {
      const { email, row } = await signUpWithResponses(response);
      expect(row).toMatchObject({ isDead: true, isSent: false, error });
      expect(attemptLines(stack, row.id)).toMatchObject([
        { level: "error", outcome: "dead", attempt: 1, error },
      ]);
      await makeDue(stack, email);
      await runCron(stack);
      expect((await rowsOf(stack, email))[0]).toMatchObject({ attempts: 1, isDead: true });
      expect(resend.to(email)).toHaveLength(1);
    },
  );

  test.each([
    ["a missing API key", "missing_api_key 401", refused(401, "missing_api_key")],
    ["an unknown API key", "invalid_api_key 403", refused(403, "invalid_api_key")],
    [
      "an idempotency key in use",
      "concurrent_idempotent_requests 409",
      refused(409, "concurrent_idempotent_requests"),
    ],
    ["a fault in Resend", "application_error 500", refused(500, "application_error")],
    ["an error page", "application_error 502", { status: 502, body: "<html>Bad gateway" }],
    ["an error without a body", "application_error 500", { status: 500, body: null }],
    ["a success that is not JSON", "SyntaxError", { status: 200, body: "<html>Sign in to this network" }],
    ["a success without a body", "SyntaxError", { status: 200, body: "" }],
  ])("%s, %s: the email is retried", async (_case, error, response) => {
    const { email, row } = await signUpWithResponses(response, accepted);
    expect(row).toMatchObject({ isDead: false, isSent: false, attempts: 1, error });
    expect(attemptLines(stack, row.id)).toMatchObject([{ level: "warn", outcome: "failed", error }]);
    await makeDue(stack, email);
    await runCron(stack);
    expect(await rowWhen(stack, email, (r) => r.isSent)).toMatchObject({ attempts: 2, error: null });
  });

  test("409 invalid_idempotent_request: an earlier attempt arrived, so the email counts as sent", async () => {
    const { row } = await signUpWithResponses(refused(409, "invalid_idempotent_request"));
    expect(row).toMatchObject({ isSent: true, isDead: false });
  });

  test("the email is dead after the last attempt fails, which is logged as an error", async () => {
    const { email, row } = await signUpWithResponses(refused(500, "internal_server_error"));
    await stack.sql("update outbox set attempts = $1 where id = $2", [outboxLimits.maxAttempts - 1, row.id]);
    await makeDue(stack, email);
    await runCron(stack);
    const dead = await rowWhen(stack, email, (r) => r.isDead);
    expect(dead.attempts).toBe(outboxLimits.maxAttempts);
    expect(attemptLines(stack, row.id).at(-1)).toMatchObject({ level: "error", outcome: "dead" });
    expect(resend.to(email)).toHaveLength(2);
  });

  test.each([
    ["has expired", "expires_at = now() - interval '1 second'"],
    ["has no attempt left", `attempts = ${outboxLimits.maxAttempts}`],
  ])(
    "an email that %s is given up without a call to Resend, and logged as an error",
    async (_case, change) => {
      const { email, row } = await signUpWithResponses(refused(500, "internal_server_error"));
      await stack.sql(`update outbox set ${change} where id = $1`, [row.id]);
      await makeDue(stack, email);
      await runCron(stack);
      expect(await rowWhen(stack, email, (r) => r.isDead)).toMatchObject({ isSent: false });
      const isReport = (line: LogLine) => isAboutEmail(row.id)(line) && line["outcome"] === "dead";
      expect(await stack.waitForLog(isReport)).toMatchObject({ level: "error", kind: "verify-email" });
      await makeDue(stack, email);
      await runCron(stack);
      expect(stack.logs().filter(isReport)).toHaveLength(1);
      expect(resend.to(email)).toHaveLength(1);
    },
  );

  test("the log never names an email address", () => {
    for (const { to } of resend.calls) expect(stack.output()).not.toContain(to);
  });
});
