import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { useFixtureServer } from "./fixture-server.js";
import { rawRequest, sendRaw, statusOf } from "./raw-request.js";

const server = useFixtureServer();

const statusWithHost = async (host: string, path = "/api/echo", origin = server().running.origin) =>
  statusOf(await sendRaw(origin, rawRequest(`GET ${path} HTTP/1.1`, `Host: ${host}`)));

describe("a Host header", () => {
  test.each([
    "localhost",
    "localhost:3000",
    "LOCALHOST",
    "app.localhost",
    "a.b.localhost:8080",
    "127.0.0.1",
    "127.255.0.7:80",
    "[::1]",
    "[::1]:3000",
  ])("that names this machine is served: %s", async (host) => {
    expect(await statusWithHost(host)).toBe(200);
  });

  test.each([
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "notlocalhost",
    "127.0.0.1.evil.example",
    "evil.127.0.0.1.example",
    "128.0.0.1",
    "0.0.0.0",
    "192.168.0.1",
    "[::2]",
  ])("that names another machine is refused: %s", async (host) => {
    expect(await statusWithHost(host)).toBe(403);
  });

  test("is refused with the reason as plain text", async () => {
    const response = await sendRaw(
      server().running.origin,
      rawRequest("GET /api/echo HTTP/1.1", "Host: evil.example"),
    );
    expect(response).toMatch(/content-type: text\/plain/i);
    expect(response).toContain("accepts loopback host names only");
  });

  test.each([
    ["a static file", "GET /about HTTP/1.1", ""],
    ["an unknown path", "GET /unknown HTTP/1.1", ""],
    ["an absolute target", "GET http://localhost/api/echo HTTP/1.1", ""],
    ["an upgrade", "GET /api/echo HTTP/1.1", "\r\nConnection: upgrade\r\nUpgrade: websocket"],
    ["HTTP/1.0", "GET /api/echo HTTP/1.0", ""],
  ])("that names another machine is refused for %s", async (_what, line, more) => {
    const response = await sendRaw(server().running.origin, rawRequest(line, `Host: evil.example${more}`));
    expect(statusOf(response), response).toBe(403);
  });

  test("that names another machine does not reach the proxy", async () => {
    const seen: unknown[] = [];
    const other = createServer(({ url }, response) => {
      seen.push(url);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const address = other.address();
    const target = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const running = await server().start({ proxy: { "/dev": target } });
    onTestFinished(() => running.stop());

    expect(await statusWithHost("evil.example", "/dev/mailbox.json", running.origin)).toBe(403);
    expect(seen).toEqual([]);
    expect(await statusWithHost("localhost", "/dev/mailbox.json", running.origin)).toBe(200);
    expect(seen).toEqual(["/dev/mailbox.json"]);
  });

  test('can name any machine with hosts: "any"', async () => {
    const running = await server().start({ hosts: "any" });
    onTestFinished(() => running.stop());
    expect(await statusWithHost("app.example.com", "/api/echo", running.origin)).toBe(200);
  });
});
