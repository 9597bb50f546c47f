import { describe, expect, test } from "vitest";
import { useFixtureServer } from "./fixture-server.js";
import { rawRequest, sendRaw, statusOf } from "./raw-request.js";

const server = useFixtureServer();

describe("malformed and unusual requests", () => {
  test.each([
    ["an invalid percent-encoding", "GET /% HTTP/1.1", "Host: localhost", 400],
    ["a path that does not decode to UTF-8", "GET /%ff HTTP/1.1", "Host: localhost", 400],
    ["two slashes", "GET // HTTP/1.1", "Host: localhost", 404],
    ["a path outside the folder", "GET /../../etc/passwd HTTP/1.1", "Host: localhost", 404],
    ["an encoded path outside the folder", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", "Host: localhost", 404],
    ["an absolute target", "GET http://elsewhere/about HTTP/1.1", "Host: localhost", 200],
    ["an absolute target of another scheme", "GET ftp://elsewhere/about HTTP/1.1", "Host: localhost", 400],
    ["an asterisk", "OPTIONS * HTTP/1.1", "Host: localhost", 400],
    ["a null byte", "GET /api/ec\0ho HTTP/1.1", "Host: localhost", 400],
    ["an encoded null byte", "GET /%00 HTTP/1.1", "Host: localhost", 404],
    ["no host", "GET /about HTTP/1.1", "X-Other: x", 400],
    ["a host with a path", "GET /about HTTP/1.1", "Host: x/y?", 400],
    ["a host with a user", "GET /api/echo HTTP/1.1", "Host: user@x", 400],
    ["a header of high bytes", "GET /api/echo HTTP/1.1", "Host: localhost\r\nX-High: \xff\xfe", 200],
    ["a header with a bare line feed", "GET /api/echo HTTP/1.1", "Host: localhost\r\nX-Bad: a\nb", 400],
    [
      "headers over the limit",
      "GET /api/echo HTTP/1.1",
      `Host: localhost\r\nX-Long: ${"a".repeat(20_000)}`,
      431,
    ],
    ["TRACE", "TRACE /api/echo HTTP/1.1", "Host: localhost", 405],
    ["TRACK", "TRACK /api/echo HTTP/1.1", "Host: localhost", 405],
    ["CONNECT", "CONNECT localhost:443 HTTP/1.1", "Host: localhost", 405],
    ["an upgrade", "GET /api/echo HTTP/1.1", "Host: localhost\r\nUpgrade: websocket", 200],
  ])("%s returns its status and leaves the server running", async (_title, line, host, status) => {
    const response = await sendRaw(server().running.origin, rawRequest(line, host));
    expect(statusOf(response), response).toBe(status);
    expect((await server().get("/api/echo")).status).toBe(200);
  });
});
