import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { useLocalResend } from "./test-resend.js";

const shared = useLocalResend();

async function sendWithHost(host: string, path = "/dev/mailbox.json", headers = {}) {
  const sent = request(shared().origin + path, { headers: { ...headers, host } }).end();
  const [response] = await once(sent, "response");
  return { status: response.statusCode, type: response.headers["content-type"], body: await text(response) };
}

describe("a Host header", () => {
  test.each(["localhost", "mail.localhost:4000", "127.0.0.1:4000", "127.9.9.9", "[::1]:4000"])(
    "that names this machine is served: %s",
    async (host) => {
      expect((await sendWithHost(host)).status).toBe(200);
    },
  );

  test.each(["evil.example", "evil.example:4000", "localhost.evil.example", "127.0.0.1.evil.example"])(
    "that names another machine is refused with the reason: %s",
    async (host) => {
      expect(await sendWithHost(host)).toEqual({
        status: 403,
        type: "text/plain; charset=utf-8",
        body: expect.stringContaining("accepts loopback host names only"),
      });
    },
  );

  test.each(["/dev/mailbox", "/control/stats", "/emails", "/unknown"])(
    "that names another machine is refused at %s",
    async (path) => {
      expect((await sendWithHost("evil.example", path)).status).toBe(403);
    },
  );

  test("that names another machine is refused for an upgrade", async () => {
    const headers = { connection: "upgrade", upgrade: "websocket" };
    expect((await sendWithHost("evil.example", "/dev/mailbox.json", headers)).status).toBe(403);
  });
});
