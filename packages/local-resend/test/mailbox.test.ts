import { describe, expect, test } from "vitest";
import { newDirectory, newEmail, startForTest, useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

describe("mailbox", () => {
  test("GET /dev/mailbox.json lists the newest email first", async () => {
    const email = newEmail();
    await shared().sdk.emails.send({ ...email, subject: "first" });
    await shared().sdk.emails.send({ ...email, subject: "second" });
    const emails = await shared().control.mails(email.to);
    expect(emails.map(({ subject }) => subject)).toEqual(["second", "first"]);
  });

  test("GET /dev/mailbox.json returns 304 until an email arrives", async () => {
    const local = await startForTest();
    const url = `${local.origin}/dev/mailbox.json`;
    const etag = (await fetch(url)).headers.get("etag") ?? "";
    const again = () => fetch(url, { headers: { "if-none-match": etag } });

    expect((await again()).status).toBe(304);
    await local.sdk.emails.send(newEmail());
    expect((await again()).status).toBe(200);
  });

  test("DELETE /dev/mailbox.json deletes the emails and keeps the idempotency keys", async () => {
    const local = await startForTest();
    const email = newEmail();
    const first = await local.sdk.emails.send(email, { idempotencyKey: "kept" });
    expect((await fetch(`${local.origin}/dev/mailbox.json`, { method: "DELETE" })).status).toBe(204);

    expect(await local.control.mails()).toEqual([]);
    expect((await local.sdk.emails.send(email, { idempotencyKey: "kept" })).data).toEqual(first.data);
  });

  test("keeps the newest 1,000 emails", async () => {
    const local = await startForTest({ dataDir: newDirectory() });
    const email = newEmail();
    for (let round = 0; round < 11; round += 1) {
      await local.sdk.batch.send(
        Array.from({ length: 100 }, (_, index) => ({ ...email, subject: `${round}-${index}` })),
      );
    }
    const emails = await local.control.mails();
    expect(emails).toHaveLength(1000);
    expect(emails.at(-1)?.subject).toBe("1-0");
  });

  test("GET /dev/mailbox has no inline script or style, and its assets exist", async () => {
    const page = await fetch(`${shared().origin}/dev/mailbox`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    const html = await page.text();
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/);

    const assets = [...html.matchAll(/(?:src|href)="(\/dev\/mailbox\.[a-z]+)"/g)].map(([, path]) => path);
    expect(assets).toEqual(["/dev/mailbox.css", "/dev/mailbox.js"]);
    for (const path of assets) expect((await fetch(`${shared().origin}${path}`)).status).toBe(200);
  });

  test("GET /dev/mailbox/{id} returns the page of an email, or 404 for an unknown id", async () => {
    const { data } = await shared().sdk.emails.send(newEmail());
    expect((await fetch(`${shared().origin}/dev/mailbox/${data?.id}`)).status).toBe(200);
    expect((await fetch(`${shared().origin}/dev/mailbox/${crypto.randomUUID()}`)).status).toBe(404);
  });

  test("the HTML of an email is sandboxed without scripts, and its links leave the frame", async () => {
    const html =
      "<!DOCTYPE html><html><body><script>alert(1)</script><a href='https://example.com'>x</a></body></html>";
    const { data } = await shared().sdk.emails.send({ ...newEmail(), html });
    const response = await fetch(`${shared().origin}/dev/mailbox/${data?.id}/html`);

    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^sandbox /);
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    expect(policy).toContain("default-src 'none'");
    expect(await response.text()).toMatch(/^<!doctype html><base target="_top"><html>/);
  });

  test("requests from other sites cannot change anything", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    for (const [method, path] of [
      ["POST", "/control/faults"],
      ["DELETE", "/dev/mailbox.json"],
      ["POST", "/emails"],
    ]) {
      const response = await fetch(`${shared().origin}${path}`, { method: method ?? "", headers });
      expect(response.status).toBe(403);
    }
  });

  test("an unknown path returns 404, a wrong method 405 with Allow", async () => {
    expect((await fetch(`${shared().origin}/domains`)).status).toBe(404);
    const response = await fetch(`${shared().origin}/emails`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});
