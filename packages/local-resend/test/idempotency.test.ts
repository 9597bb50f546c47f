import { describe, expect, test } from "vitest";
import { apiKey, newEmail, startForTest, useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

describe("Idempotency-Key", () => {
  test("a repeated request returns the same id and stores one email", async () => {
    const email = newEmail();
    const idempotencyKey = crypto.randomUUID();
    const before = await shared().control.stats();
    const first = await shared().sdk.emails.send(email, { idempotencyKey });
    const second = await shared().sdk.emails.send(email, { idempotencyKey });

    expect(second.data).toEqual(first.data);
    expect(await shared().control.mails(email.to)).toHaveLength(1);
    const { calls, accepted, deduplicated } = await shared().control.stats();
    expect(calls - before.calls).toBe(2);
    expect(accepted - before.accepted).toBe(1);
    expect(deduplicated - before.deduplicated).toBe(1);
  });

  test("a repeated batch returns the same ids", async () => {
    const batch = [newEmail(), newEmail()];
    const idempotencyKey = crypto.randomUUID();
    const first = await shared().sdk.batch.send(batch, { idempotencyKey });
    expect(await shared().sdk.batch.send(batch, { idempotencyKey })).toMatchObject({ data: first.data });
  });

  test("another body under the same key returns invalid_idempotent_request", async () => {
    const idempotencyKey = crypto.randomUUID();
    await shared().sdk.emails.send(newEmail(), { idempotencyKey });
    const other = newEmail();
    const { error } = await shared().sdk.emails.send(other, { idempotencyKey });

    expect(error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" });
    expect(await shared().control.mails(other.to)).toEqual([]);
  });

  test("a second request during the first returns concurrent_idempotent_requests", async () => {
    const email = newEmail();
    const idempotencyKey = crypto.randomUUID();
    await shared().control.inject({ fault: "slow", ms: 2_000, times: 1, to: email.to });
    const first = shared().sdk.emails.send(email, { idempotencyKey });
    // The second request may arrive first, and is then the slow one.
    const responses = await Promise.all([first, shared().sdk.emails.send(email, { idempotencyKey })]);

    expect(responses.filter(({ error }) => error === null)).toHaveLength(1);
    expect(responses.find(({ error }) => error)?.error).toMatchObject({
      statusCode: 409,
      name: "concurrent_idempotent_requests",
    });
    expect(await shared().control.mails(email.to)).toHaveLength(1);
  });

  test("a refused email does not use up its key", async () => {
    const email = newEmail();
    const idempotencyKey = crypto.randomUUID();
    expect(
      (await shared().sdk.emails.send({ ...email, to: "broken" }, { idempotencyKey })).error,
    ).not.toBeNull();
    expect((await shared().sdk.emails.send(email, { idempotencyKey })).error).toBeNull();
  });

  test.each([
    ["empty", 400, ""],
    ["of 256 characters", 200, "k".repeat(256)],
    ["of 257 characters", 400, "k".repeat(257)],
  ])("a key that is %s returns %i", async (_, status, key) => {
    const response = await fetch(`${shared().origin}/emails`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "idempotency-key": key },
      body: JSON.stringify(newEmail()),
    });
    expect(response.status).toBe(status);
    if (status === 400) expect(await response.json()).toMatchObject({ name: "invalid_idempotency_key" });
  });

  test("a key expires after 24 hours", async () => {
    let nowMs = Date.now();
    const local = await startForTest({ now: () => nowMs });
    const email = newEmail();
    const send = async () => (await local.sdk.emails.send(email, { idempotencyKey: "once" })).data?.id;

    const first = await send();
    nowMs += 24 * 60 * 60 * 1000 - 1;
    expect(await send()).toBe(first);
    nowMs += 1;
    expect(await send()).not.toBe(first);
  });
});
