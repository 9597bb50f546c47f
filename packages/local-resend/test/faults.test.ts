import { describe, expect, test } from "vitest";
import { apiKey, newEmail, startForTest, useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

describe("POST /control/faults", () => {
  test("429 returns rate_limit_exceeded with retry-after, `times` times", async () => {
    const email = newEmail();
    await shared().control.inject({ fault: "429", times: 2, ms: 1500, to: email.to });
    const responses = [
      await shared().sdk.emails.send(email),
      await shared().sdk.emails.send(email),
      await shared().sdk.emails.send(email),
    ];

    expect(responses[0]?.error).toMatchObject({ statusCode: 429, name: "rate_limit_exceeded" });
    expect(responses[0]?.headers?.["retry-after"]).toBe("2");
    expect(responses.map(({ error }) => error?.statusCode)).toEqual([429, 429, undefined]);
    expect(await shared().control.mails(email.to)).toHaveLength(1);
  });

  test("500 returns internal_server_error, for the given address only", async () => {
    const affected = newEmail();
    await shared().control.inject({ fault: "500", times: 1, to: affected.to.toUpperCase() });

    expect((await shared().sdk.emails.send(newEmail())).error).toBeNull();
    expect((await shared().sdk.emails.send(affected)).error).toMatchObject({
      statusCode: 500,
      name: "internal_server_error",
    });
  });

  test("refuse resets the connection and accepts nothing", async () => {
    const email = newEmail();
    await shared().control.inject({ fault: "refuse", times: 1, to: email.to });
    expect((await shared().sdk.emails.send(email)).error).toMatchObject({
      name: "application_error",
      statusCode: null,
    });
    expect(await shared().control.mails(email.to)).toEqual([]);
  });

  test("lost accepts the email without a response, and a retry returns its id", async () => {
    const email = newEmail();
    const idempotencyKey = crypto.randomUUID();
    await shared().control.inject({ fault: "lost", times: 1, to: email.to });

    const lost = await shared().sdk.emails.send(email, { idempotencyKey });
    expect(lost.error).toMatchObject({ name: "application_error", statusCode: null });
    const [stored] = await shared().control.mails(email.to);
    const retried = await shared().sdk.emails.send(email, { idempotencyKey });
    expect(retried.data?.id).toBe(stored?.id);
    expect(await shared().control.mails(email.to)).toHaveLength(1);
  });

  test("timeout never responds and accepts nothing", async () => {
    const email = newEmail();
    await shared().control.inject({ fault: "timeout", times: 1, to: email.to });
    const sending = fetch(`${shared().origin}/emails`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(email),
      signal: AbortSignal.timeout(200),
    });

    await expect(sending).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await shared().control.mails(email.to)).toEqual([]);
  });

  test("timeout with ms closes the connection after that time", async () => {
    const email = newEmail();
    await shared().control.inject({ fault: "timeout", ms: 50, times: 1, to: email.to });
    expect((await shared().sdk.emails.send(email)).error).toMatchObject({ statusCode: null });
    expect(await shared().control.mails(email.to)).toEqual([]);
  });

  test("slow responds after the given time", async () => {
    const email = newEmail();
    await shared().control.inject({ fault: "slow", ms: 120, times: 1, to: email.to });
    const startedAt = performance.now();
    expect((await shared().sdk.emails.send(email)).error).toBeNull();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  test("a rule without times applies until DELETE /control/faults", async () => {
    const local = await startForTest();
    await local.control.inject({ fault: "500" });
    expect((await local.sdk.emails.send(newEmail())).error?.statusCode).toBe(500);
    expect((await local.sdk.emails.send(newEmail())).error?.statusCode).toBe(500);
    await local.control.heal();
    expect((await local.sdk.emails.send(newEmail())).error).toBeNull();
  });

  test("an unknown fault returns 422", async () => {
    const body = JSON.stringify({ fault: "gremlins" });
    const response = await fetch(`${shared().origin}/control/faults`, { method: "POST", body });
    expect(response.status).toBe(422);
  });

  test("stopping the server ends a request that hangs", async () => {
    const local = await startForTest();
    await local.control.inject({ fault: "timeout" });
    const hanging = local.sdk.emails.send(newEmail());
    while ((await local.control.stats()).calls === 0);
    await local.stop();
    expect((await hanging).error).toMatchObject({ statusCode: null });
  });
});
