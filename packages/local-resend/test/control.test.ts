import { describe, expect, test } from "vitest";
import { startLocalResend } from "../src/index.js";
import { newEmail, startForTest, useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

describe("control", () => {
  test("waitForMail resolves with a later email whose subject matches", async () => {
    const email = newEmail();
    const waiting = shared().control.waitForMail(email.to, { subject: /^Reset/ });
    await shared().sdk.emails.send(email);
    await shared().sdk.emails.send({ ...email, subject: "Reset your password" });
    expect(await waiting).toMatchObject({ to: email.to, subject: "Reset your password" });
  });

  test("waitForMail gives up and lists the subjects that arrived", async () => {
    const email = newEmail();
    await shared().sdk.emails.send(email);
    const waiting = shared().control.waitForMail(email.to, { subject: "(other)", timeoutMs: 60 });
    await expect(waiting).rejects.toThrow(/\(other\).*arrived: Welcome/);
  });

  test("idempotencyKeys lists the keys of accepted requests", async () => {
    const local = await startForTest();
    await local.sdk.emails.send(newEmail(), { idempotencyKey: "first" });
    await local.sdk.emails.send({ ...newEmail(), to: "broken" }, { idempotencyKey: "refused" });
    expect(await local.control.idempotencyKeys()).toEqual(["first"]);
  });
});

test("startLocalResend rejects invalid options and names them", async () => {
  await expect(startLocalResend({ apiKey: "" })).rejects.toThrow(/apiKey/);
});
