import { appendFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newDirectory, newEmail, startForTest } from "./test-resend.js";

describe("data directory", () => {
  test("emails and idempotency keys survive a restart", async () => {
    const dataDir = newDirectory();
    const email = newEmail();
    const first = await startForTest({ dataDir });
    const { data } = await first.sdk.emails.send(email, { idempotencyKey: "kept" });
    await first.stop();

    const second = await startForTest({ dataDir });
    expect((await second.control.mails()).map(({ id }) => id)).toEqual([data?.id]);
    expect((await second.sdk.emails.send(email, { idempotencyKey: "kept" })).data).toEqual(data);
  });

  test("an emptied mailbox stays empty after a restart", async () => {
    const dataDir = newDirectory();
    const first = await startForTest({ dataDir });
    await first.sdk.emails.send(newEmail());
    await fetch(`${first.origin}/dev/mailbox.json`, { method: "DELETE" });
    await first.stop();
    expect(await (await startForTest({ dataDir })).control.mails()).toEqual([]);
  });

  test("a line cut off by a crash loses neither earlier nor later emails", async () => {
    const dataDir = newDirectory();
    const first = await startForTest({ dataDir });
    await first.sdk.emails.send({ ...newEmail(), subject: "before" });
    await first.stop();
    appendFileSync(join(dataDir, "resend.jsonl"), '{"mails":[{"id":"');

    const second = await startForTest({ dataDir });
    await second.sdk.emails.send({ ...newEmail(), subject: "after" });
    await second.stop();
    const emails = await (await startForTest({ dataDir })).control.mails();
    expect(emails.map(({ subject }) => subject)).toEqual(["after", "before"]);
  });

  test("only the owner can read the file", async () => {
    const dataDir = newDirectory();
    await (await startForTest({ dataDir })).sdk.emails.send(newEmail());
    expect(statSync(join(dataDir, "resend.jsonl")).mode & 0o777).toBe(0o600);
  });
});
