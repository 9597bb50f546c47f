import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resend } from "resend";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createResendServer, type ResendConfig } from "../../dev/resend/server.js";
import { type RunningResend, resendControl, startResend } from "../../dev/resend/start.js";

const apiKey = "re_local_key";
const from = "Latchkey <hello@latchkey.example>";
let users = 0;

/** A mail to an address that no other test uses. */
function newMail() {
  users += 1;
  return { from, to: `user${users}@example.com`, subject: "Welcome", text: "Hello", html: "<p>Hello</p>" };
}

/** A local Resend inside this process, for what needs a fresh one, a clock or a directory. */
async function serve(config: Partial<ResendConfig> = {}, now?: () => number) {
  const resend = createResendServer({ port: 0, apiKey, ...config }, now);
  const origin = `http://127.0.0.1:${await resend.listen()}`;
  onTestFinished(() => resend.close());
  return { ...resend, origin, control: resendControl(origin), sdk: new Resend(apiKey, { baseUrl: origin }) };
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-resend-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

let shared: RunningResend;
let sdk: Resend;

beforeAll(async () => {
  shared = await startResend({ port: 0, apiKey });
  sdk = new Resend(apiKey, { baseUrl: shared.origin });
});
afterAll(() => shared.stop());

describe("POST /emails", () => {
  test("stores the mail and answers with its id", async () => {
    const mail = newMail();
    const { data, error } = await sdk.emails.send(mail);

    expect(error).toBeNull();
    const [stored] = await shared.control.mails(mail.to);
    expect(stored).toEqual({ ...mail, id: data?.id, createdAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test("takes several recipients and finds the mail under each", async () => {
    const { to, ...mail } = newMail();
    await sdk.emails.send({ ...mail, to: [`Ann <${to}>`, `second-${to}`] });

    const [stored] = await shared.control.mails(`second-${to}`);
    expect(stored?.to).toBe(`Ann <${to}>, second-${to}`);
    expect(await shared.control.mails(to.toUpperCase())).toEqual([stored]);
  });

  test("refuses a request without a key with missing_api_key", async () => {
    const response = await fetch(`${shared.origin}/emails`, { method: "POST", body: "{}" });

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      statusCode: 401,
      name: "missing_api_key",
      message: expect.any(String),
    });
  });

  test("refuses another key with invalid_api_key", async () => {
    const stranger = new Resend("re_other", { baseUrl: shared.origin });
    const { error } = await stranger.emails.send(newMail());
    expect(error).toMatchObject({ statusCode: 403, name: "invalid_api_key" });
  });

  test.each(["from", "to", "subject"])(
    "refuses a mail without %s with missing_required_field",
    async (field) => {
      const { error } = await sdk.emails.send({ ...newMail(), [field]: undefined });
      expect(error).toMatchObject({ statusCode: 422, name: "missing_required_field" });
      expect(error?.message).toContain(`\`${field}\``);
    },
  );

  test("refuses a mail with neither html nor text", async () => {
    const { error } = await sdk.emails.send({ ...newMail(), html: "", text: "" });
    expect(error).toMatchObject({ statusCode: 422, name: "missing_required_field" });
  });

  test.each([
    ["from", "nobody"],
    ["from", "Latchkey <hello@>"],
    ["to", "not an address"],
    ["to", ["ok@example.com", "broken@"]],
    ["to", Array.from({ length: 51 }, (_, index) => `user${index}@example.com`)],
    ["html", 7],
  ])("refuses a mail whose %s is %j with validation_error", async (field, value) => {
    const { error } = await sdk.emails.send({ ...newMail(), [field]: value });
    expect(error).toMatchObject({ statusCode: 422, name: "validation_error" });
    expect(error?.message).toContain(`\`${field}\``);
  });

  test("refuses a body that is no JSON with 400", async () => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await fetch(`${shared.origin}/emails`, { method: "POST", headers, body: "{" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ name: "validation_error" });
  });

  test("refuses a body over 5 MiB with 413 and goes on answering", async () => {
    const mail = newMail();
    const { error } = await sdk.emails.send({ ...mail, text: "x".repeat(6 * 1024 * 1024) });
    expect(error).toMatchObject({ statusCode: 413 });
    expect((await sdk.emails.send(mail)).error).toBeNull();
  });
});

describe("POST /emails/batch", () => {
  test("stores every mail and answers with their ids in order", async () => {
    const batch = [newMail(), newMail()];
    const { data } = await sdk.batch.send(batch);

    const stored = await Promise.all(batch.map(({ to }) => shared.control.mails(to)));
    expect(data?.data.map(({ id }) => id)).toEqual(stored.map(([mail]) => mail?.id));
  });

  test("stores nothing when one mail is wrong", async () => {
    const good = newMail();
    const { error } = await sdk.batch.send([good, { ...newMail(), to: "broken" }]);

    expect(error).toMatchObject({ statusCode: 422, name: "validation_error" });
    expect(await shared.control.mails(good.to)).toEqual([]);
  });

  test("leaves the wrong mail out and names it when validation is permissive", async () => {
    const good = newMail();
    const { data } = await sdk.batch.send([{ ...newMail(), to: "broken" }, good], {
      batchValidation: "permissive",
    });

    expect(data?.data).toHaveLength(1);
    expect(data).toMatchObject({ errors: [{ index: 0, message: expect.stringContaining("`to`") }] });
    expect(await shared.control.mails(good.to)).toHaveLength(1);
  });

  test.each([0, 101])("refuses a batch of %i mails", async (length) => {
    const { error } = await sdk.batch.send(Array.from({ length }, newMail));
    expect(error).toMatchObject({ statusCode: 422, name: "validation_error" });
  });
});

describe("Idempotency-Key", () => {
  test("a repeated request gets the same id and stores one mail", async () => {
    const mail = newMail();
    const idempotencyKey = crypto.randomUUID();
    const before = await shared.control.stats();
    const first = await sdk.emails.send(mail, { idempotencyKey });
    const second = await sdk.emails.send(mail, { idempotencyKey });

    expect(second.data).toEqual(first.data);
    expect(await shared.control.mails(mail.to)).toHaveLength(1);
    const { calls, accepted, deduplicated } = await shared.control.stats();
    expect(calls - before.calls).toBe(2);
    expect(accepted - before.accepted).toBe(1);
    expect(deduplicated - before.deduplicated).toBe(1);
  });

  test("a repeated batch gets the same ids", async () => {
    const batch = [newMail(), newMail()];
    const idempotencyKey = crypto.randomUUID();
    const first = await sdk.batch.send(batch, { idempotencyKey });
    expect(await sdk.batch.send(batch, { idempotencyKey })).toMatchObject({ data: first.data });
  });

  test("another body under the same key is refused with invalid_idempotent_request", async () => {
    const idempotencyKey = crypto.randomUUID();
    await sdk.emails.send(newMail(), { idempotencyKey });
    const other = newMail();
    const { error } = await sdk.emails.send(other, { idempotencyKey });

    expect(error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" });
    expect(await shared.control.mails(other.to)).toEqual([]);
  });

  test("a second request while the first is worked on is refused with concurrent_idempotent_requests", async () => {
    const mail = newMail();
    const idempotencyKey = crypto.randomUUID();
    await shared.control.inject({ fault: "slow", ms: 300, times: 1, to: mail.to });
    const first = sdk.emails.send(mail, { idempotencyKey });
    // The second may overtake the first on its way, and would then be the slow one.
    const answers = await Promise.all([first, sdk.emails.send(mail, { idempotencyKey })]);

    expect(answers.filter(({ error }) => error === null)).toHaveLength(1);
    expect(answers.find(({ error }) => error)?.error).toMatchObject({
      statusCode: 409,
      name: "concurrent_idempotent_requests",
    });
    expect(await shared.control.mails(mail.to)).toHaveLength(1);
  });

  test("a refused mail does not use up its key", async () => {
    const mail = newMail();
    const idempotencyKey = crypto.randomUUID();
    expect((await sdk.emails.send({ ...mail, to: "broken" }, { idempotencyKey })).error).not.toBeNull();
    expect((await sdk.emails.send(mail, { idempotencyKey })).error).toBeNull();
  });

  test.each([
    ["empty", 400, ""],
    ["of 256 characters", 200, "k".repeat(256)],
    ["of 257 characters", 400, "k".repeat(257)],
  ])("a key that is %s is answered %i", async (_, status, key) => {
    const response = await fetch(`${shared.origin}/emails`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "idempotency-key": key },
      body: JSON.stringify(newMail()),
    });
    expect(response.status).toBe(status);
    if (status === 400) expect(await response.json()).toMatchObject({ name: "invalid_idempotency_key" });
  });

  test("a key is forgotten after 24 hours", async () => {
    let nowMs = Date.now();
    const local = await serve({}, () => nowMs);
    const mail = newMail();
    const send = async () => (await local.sdk.emails.send(mail, { idempotencyKey: "once" })).data?.id;

    const first = await send();
    nowMs += 24 * 60 * 60 * 1000 - 1;
    expect(await send()).toBe(first);
    nowMs += 1;
    expect(await send()).not.toBe(first);
  });
});

describe("POST /control/faults", () => {
  test("429 answers rate_limit_exceeded with retry-after, as many times as told", async () => {
    const mail = newMail();
    await shared.control.inject({ fault: "429", times: 2, ms: 1500, to: mail.to });
    const answers = [await sdk.emails.send(mail), await sdk.emails.send(mail), await sdk.emails.send(mail)];

    expect(answers[0]?.error).toMatchObject({ statusCode: 429, name: "rate_limit_exceeded" });
    expect(answers[0]?.headers?.["retry-after"]).toBe("2");
    expect(answers.map(({ error }) => error?.statusCode)).toEqual([429, 429, undefined]);
    expect(await shared.control.mails(mail.to)).toHaveLength(1);
  });

  test("500 answers internal_server_error and strikes only the named address", async () => {
    const struck = newMail();
    await shared.control.inject({ fault: "500", times: 1, to: struck.to.toUpperCase() });

    expect((await sdk.emails.send(newMail())).error).toBeNull();
    expect((await sdk.emails.send(struck)).error).toMatchObject({
      statusCode: 500,
      name: "internal_server_error",
    });
  });

  test("refuse ends the connection and accepts nothing", async () => {
    const mail = newMail();
    await shared.control.inject({ fault: "refuse", times: 1, to: mail.to });
    expect((await sdk.emails.send(mail)).error).toMatchObject({
      name: "application_error",
      statusCode: null,
    });
    expect(await shared.control.mails(mail.to)).toEqual([]);
  });

  test("lost accepts the mail without an answer, and its key then yields that mail's id", async () => {
    const mail = newMail();
    const idempotencyKey = crypto.randomUUID();
    await shared.control.inject({ fault: "lost", times: 1, to: mail.to });

    const lost = await sdk.emails.send(mail, { idempotencyKey });
    expect(lost.error).toMatchObject({ name: "application_error", statusCode: null });
    const [stored] = await shared.control.mails(mail.to);
    const retried = await sdk.emails.send(mail, { idempotencyKey });
    expect(retried.data?.id).toBe(stored?.id);
    expect(await shared.control.mails(mail.to)).toHaveLength(1);
  });

  test("timeout never answers and accepts nothing", async () => {
    const mail = newMail();
    await shared.control.inject({ fault: "timeout", times: 1, to: mail.to });
    const sending = fetch(`${shared.origin}/emails`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(mail),
      signal: AbortSignal.timeout(200),
    });

    await expect(sending).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await shared.control.mails(mail.to)).toEqual([]);
  });

  test("timeout with a length ends the connection after it", async () => {
    const mail = newMail();
    await shared.control.inject({ fault: "timeout", ms: 50, times: 1, to: mail.to });
    expect((await sdk.emails.send(mail)).error).toMatchObject({ statusCode: null });
    expect(await shared.control.mails(mail.to)).toEqual([]);
  });

  test("slow answers after the given time", async () => {
    const mail = newMail();
    await shared.control.inject({ fault: "slow", ms: 120, times: 1, to: mail.to });
    const startedAt = performance.now();
    expect((await sdk.emails.send(mail)).error).toBeNull();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  test("a rule without times holds until DELETE /control/faults", async () => {
    const local = await serve();
    await local.control.inject({ fault: "500" });
    expect((await local.sdk.emails.send(newMail())).error?.statusCode).toBe(500);
    expect((await local.sdk.emails.send(newMail())).error?.statusCode).toBe(500);
    await local.control.heal();
    expect((await local.sdk.emails.send(newMail())).error).toBeNull();
  });

  test("an unknown fault is refused with 422", async () => {
    const body = JSON.stringify({ fault: "gremlins" });
    const response = await fetch(`${shared.origin}/control/faults`, { method: "POST", body });
    expect(response.status).toBe(422);
  });

  test("closing ends a request that hangs", async () => {
    const local = await serve();
    await local.control.inject({ fault: "timeout" });
    const hanging = local.sdk.emails.send(newMail());
    while ((await local.control.stats()).calls === 0);
    await local.close();
    expect((await hanging).error).toMatchObject({ statusCode: null });
  });
});

describe("mailbox", () => {
  test("GET /dev/mailbox.json lists the newest mail first", async () => {
    const mail = newMail();
    await sdk.emails.send({ ...mail, subject: "first" });
    await sdk.emails.send({ ...mail, subject: "second" });
    const mails = await shared.control.mails(mail.to);
    expect(mails.map(({ subject }) => subject)).toEqual(["second", "first"]);
  });

  test("GET /dev/mailbox.json answers 304 until a mail arrives", async () => {
    const local = await serve();
    const url = `${local.origin}/dev/mailbox.json`;
    const etag = (await fetch(url)).headers.get("etag") ?? "";
    const again = () => fetch(url, { headers: { "if-none-match": etag } });

    expect((await again()).status).toBe(304);
    await local.sdk.emails.send(newMail());
    expect((await again()).status).toBe(200);
  });

  test("DELETE /dev/mailbox.json empties it, and keys stay known", async () => {
    const local = await serve();
    const mail = newMail();
    const first = await local.sdk.emails.send(mail, { idempotencyKey: "kept" });
    expect((await fetch(`${local.origin}/dev/mailbox.json`, { method: "DELETE" })).status).toBe(204);

    expect(await local.control.mails()).toEqual([]);
    expect((await local.sdk.emails.send(mail, { idempotencyKey: "kept" })).data).toEqual(first.data);
  });

  test("keeps the newest 1,000 mails", async () => {
    const local = await serve({ dataDir: newDirectory() });
    const mail = newMail();
    for (let round = 0; round < 11; round += 1) {
      await local.sdk.batch.send(
        Array.from({ length: 100 }, (_, index) => ({ ...mail, subject: `${round}-${index}` })),
      );
    }
    const mails = await local.control.mails();
    expect(mails).toHaveLength(1000);
    expect(mails.at(-1)?.subject).toBe("1-0");
  });

  test("GET /dev/mailbox allows no inline script or style, and its assets are served", async () => {
    const page = await fetch(`${shared.origin}/dev/mailbox`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    const html = await page.text();
    expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/);

    const assets = [...html.matchAll(/(?:src|href)="(\/dev\/mailbox\.[a-z]+)"/g)].map(([, path]) => path);
    expect(assets).toEqual(["/dev/mailbox.css", "/dev/mailbox.js"]);
    for (const path of assets) expect((await fetch(`${shared.origin}${path}`)).status).toBe(200);
  });

  test("GET /dev/mailbox/{id} is the page for one mail, 404 for one that is gone", async () => {
    const { data } = await sdk.emails.send(newMail());
    expect((await fetch(`${shared.origin}/dev/mailbox/${data?.id}`)).status).toBe(200);
    expect((await fetch(`${shared.origin}/dev/mailbox/${crypto.randomUUID()}`)).status).toBe(404);
  });

  test("the HTML of a mail is sandboxed without scripts, and its links leave the frame", async () => {
    const html =
      "<!DOCTYPE html><html><body><script>alert(1)</script><a href='https://example.com'>x</a></body></html>";
    const { data } = await sdk.emails.send({ ...newMail(), html });
    const response = await fetch(`${shared.origin}/dev/mailbox/${data?.id}/html`);

    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^sandbox /);
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    expect(policy).toContain("default-src 'none'");
    expect(await response.text()).toMatch(/^<!doctype html><base target="_top"><html>/);
  });

  test("pages of other sites cannot change anything", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    for (const [method, path] of [
      ["POST", "/control/faults"],
      ["DELETE", "/dev/mailbox.json"],
      ["POST", "/emails"],
    ]) {
      const response = await fetch(`${shared.origin}${path}`, { method: method ?? "", headers });
      expect(response.status).toBe(403);
    }
  });

  test("an unknown path is 404, a wrong method 405 with Allow", async () => {
    expect((await fetch(`${shared.origin}/domains`)).status).toBe(404);
    const response = await fetch(`${shared.origin}/emails`);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

describe("data directory", () => {
  test("mails and idempotency keys survive a restart", async () => {
    const dataDir = newDirectory();
    const mail = newMail();
    const first = await serve({ dataDir });
    const { data } = await first.sdk.emails.send(mail, { idempotencyKey: "kept" });
    await first.close();

    const second = await serve({ dataDir });
    expect((await second.control.mails()).map(({ id }) => id)).toEqual([data?.id]);
    expect((await second.sdk.emails.send(mail, { idempotencyKey: "kept" })).data).toEqual(data);
  });

  test("a mailbox that was emptied stays empty", async () => {
    const dataDir = newDirectory();
    const first = await serve({ dataDir });
    await first.sdk.emails.send(newMail());
    await fetch(`${first.origin}/dev/mailbox.json`, { method: "DELETE" });
    await first.close();
    expect(await (await serve({ dataDir })).control.mails()).toEqual([]);
  });

  test("a line cut off by a crash costs neither earlier nor later mails", async () => {
    const dataDir = newDirectory();
    const first = await serve({ dataDir });
    await first.sdk.emails.send({ ...newMail(), subject: "before" });
    await first.close();
    appendFileSync(join(dataDir, "resend.jsonl"), '{"mails":[{"id":"');

    const second = await serve({ dataDir });
    await second.sdk.emails.send({ ...newMail(), subject: "after" });
    await second.close();
    const mails = await (await serve({ dataDir })).control.mails();
    expect(mails.map(({ subject }) => subject)).toEqual(["after", "before"]);
  });

  test("the file is readable by its owner only", async () => {
    const dataDir = newDirectory();
    await (await serve({ dataDir })).sdk.emails.send(newMail());
    expect(statSync(join(dataDir, "resend.jsonl")).mode & 0o777).toBe(0o600);
  });
});

describe("startResend", () => {
  test("waitForMail resolves with a mail that arrives later and matches the subject", async () => {
    const mail = newMail();
    const waiting = shared.control.waitForMail(mail.to, { subject: /^Reset/ });
    await sdk.emails.send(mail);
    await sdk.emails.send({ ...mail, subject: "Reset your password" });
    expect(await waiting).toMatchObject({ to: mail.to, subject: "Reset your password" });
  });

  test("waitForMail gives up and names what did arrive", async () => {
    const mail = newMail();
    await sdk.emails.send(mail);
    const waiting = shared.control.waitForMail(mail.to, { subject: "(other)", timeoutMs: 60 });
    await expect(waiting).rejects.toThrow(/\(other\).*arrived: Welcome/);
  });

  test("stop ends the process with success", async () => {
    const own = await startResend({ port: 0, apiKey });
    await own.stop();
    expect(own.child.process.exitCode).toBe(0);
  });

  test("a wrong configuration ends the start with an error that names the setting", async () => {
    await expect(startResend({ port: 0, apiKey: "" })).rejects.toThrow(/apiKey/);
  });
});
