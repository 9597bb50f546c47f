import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Resend } from "resend";
import { expect, onTestFinished, test } from "vitest";
import { signedHeaders } from "../src/index.js";
import { startLocalResend } from "../src/start-local-resend.js";

const secret = `whsec_${randomBytes(32).toString("base64")}`;

const verify = (payload: string, headers: Record<string, unknown>) =>
  new Resend("re_any").webhooks.verify({
    payload,
    headers: {
      id: String(headers["svix-id"]),
      timestamp: String(headers["svix-timestamp"]),
      signature: String(headers["svix-signature"]),
    },
    webhookSecret: secret,
  });

async function startReceiver(status: number) {
  const received: { body: string; headers: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ body: await text(request), headers: request.headers });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

test.each([
  ["email.bounced", { to: ["b@example.com"], bounce: { type: "Transient" } }],
  ["email.complained", { to: ["b@example.com"] }],
  ["suppression.removed", { email: "b@example.com" }],
] as const)("sendEvent sends %s, which the SDK verifies, and returns the status", async (type, data) => {
  const { url, received } = await startReceiver(204);
  const local = await startLocalResend({ apiKey: "re_local" });
  onTestFinished(() => local.stop());
  const resend = new Resend("re_local", { baseUrl: local.origin });
  await resend.emails.send({ from: "a@example.com", to: "b@example.com", subject: "Hi", text: "Hi" });
  const emailId = String((await local.control.mails())[0]?.id);
  const event = { emailId, type, bounceType: "Transient", url, secret } as const;
  expect(await local.control.sendEvent(event)).toBe(204);
  const [request] = received;
  expect(verify(String(request?.body), request?.headers ?? {})).toMatchObject({ type, data });
});

test("sendEvent rejects an email that does not exist", async () => {
  const local = await startLocalResend({ apiKey: "re_local" });
  onTestFinished(() => local.stop());
  const emailId = "0b8f2a3e-5d0c-4f6e-9a51-1f7d2f0c8b9a";
  const event = { emailId, type: "email.bounced", url: "http://127.0.0.1:1", secret } as const;
  await expect(local.control.sendEvent(event)).rejects.toThrow("404");
});

test("signedHeaders covers id, time and body", () => {
  const body = '{"type":"email.sent"}';
  const headers = signedHeaders(secret, body);
  expect(verify(body, headers)).toEqual({ type: "email.sent" });
  expect(() => verify(`${body} `, headers)).toThrow();
  expect(() => verify(body, { ...headers, "svix-id": "msg_other" })).toThrow();
  const tenMinutesAgo = new Date(Date.now() - 600_000);
  expect(() => verify(body, signedHeaders(secret, body, { now: tenMinutesAgo }))).toThrow("too old");
});
