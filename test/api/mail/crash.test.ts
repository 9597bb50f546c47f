import { expect, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { startStack, startStackForTest, waitFor } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, subjects } from "../../stack/users.js";
import { makeDue, recordResultsSql, rowsOf, rowWhen, runCron } from "./outbox-rows.js";
import { accepted, startRecordingResend } from "./recording-resend.js";

const person = () => ({ email: newEmail(), password: goodPassword(), name: "Ada" });

test("an email is delivered once when the function dies between sending it and recording the result", async () => {
  const stack = await startStackForTest();
  const ada = person();
  await stack.neon.inject(stack.databaseName, { fault: { kind: "hang" }, match: recordResultsSql });
  const signedUp = await stack.client().post("/api/auth/register", ada);
  expect(signedUp.status).toBe(202);
  await emailedToken(stack, ada.email, subjects.verify);
  await stack.kill();
  await stack.neon.heal(stack.databaseName);

  const next = await startStack({ sharing: stack });
  const { email } = ada;
  expect(await rowsOf(next, email)).toMatchObject([{ attempts: 1, isSent: false, isDead: false }]);
  await makeDue(next, email);
  expect((await runCron(next)).json.claimed).toBe(1);
  expect(await rowWhen(next, email, (row) => row.isSent)).toMatchObject({ attempts: 2 });
  expect(await next.mailbox.mails(email)).toHaveLength(1);
  const token = await emailedToken(next, email, subjects.verify);
  const { registration } = signedUp.json;
  expect((await next.client().post("/api/auth/verify-email", { token, registration })).status).toBe(200);
  await next.stop();
});

test("the next function repeats the identical request after one dies waiting for Resend", async () => {
  const resend = await startRecordingResend();
  const stack = await startStackForTest({ env: { RESEND_BASE_URL: resend.origin } });
  const eve = person();
  resend.respond(eve.email, { ...accepted, delayMs: 7_000 }, accepted);
  expect((await stack.client().post("/api/auth/register", eve)).status).toBe(202);
  const call = await waitFor(() => resend.to(eve.email)[0]);
  // The lease keeps other instances from sending it in the meantime.
  expect((await rowsOf(stack, eve.email))[0]?.dueIn).toBeGreaterThan(outboxLimits.leaseSeconds / 2);
  await stack.kill();

  const next = await startStack({ sharing: stack });
  expect(await rowsOf(next, eve.email)).toMatchObject([{ attempts: 1, isSent: false, isDead: false }]);
  await makeDue(next, eve.email);
  await runCron(next);
  await rowWhen(next, eve.email, (row) => row.isSent);
  expect(resend.to(eve.email)).toEqual([call, call]);
  await next.stop();
  resend.stop();
});
