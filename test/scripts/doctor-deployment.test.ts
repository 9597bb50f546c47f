import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { examineDeployment } from "../../scripts/doctor/deployment.js";
import { type Stack, startStack, startStackForTest } from "../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Sends requests for APP_URL to the stack. */
const askAt = (server: Stack) => (url: URL, init?: RequestInit) =>
  fetch(new URL(url.pathname + url.search, server.origin), init);

async function findings(options: { at?: string; server?: Stack; env?: Record<string, string> } = {}) {
  const { at = "http://localhost:3000", server = stack, env } = options;
  const checks = await examineDeployment(at, { ask: askAt(server), ...(env ? { env } : {}) });
  return checks.flatMap(({ name, finding }) => (finding ? [`${name}: ${finding.what}`] : []));
}

/** A Resend API with this response to a request for domains. */
async function resendWith(reply: { status: number; body: object }): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("npm run doctor with a URL", () => {
  test("runs every check, changes nothing, and passes a healthy deployment", async () => {
    const checks = await examineDeployment("http://localhost:3000", { ask: askAt(stack) });
    expect(checks.map(({ name }) => name.split(" (")[0])).toEqual([
      "health",
      "clock",
      "ready",
      "cookie",
      "CORS",
      "mail",
      "proxy",
      "mail sender",
    ]);
    expect(checks.filter(({ finding }) => finding)).toEqual([]);
    expect(await stack.sql("select 1 from outbox where recipient is not null")).toEqual([]);
  });

  test("stops after the first check when the deployment is unreachable", async () => {
    const checks = await examineDeployment("http://127.0.0.1:9");
    expect(checks).toHaveLength(1);
    expect(checks[0]?.finding?.what).toMatch(/^No response/);
  });

  test("reports a URL that differs from APP_URL", async () => {
    expect(await findings({ at: "https://other.example.com" })).toEqual([
      "cookie: The cookie lacks __Host-latchkey=, Secure",
      expect.stringContaining(
        "CORS: The deployment does not accept https://other.example.com as its own origin",
      ),
      expect.stringMatching(/^proxy: A host in front of Vercel responds \(server: not set at \//),
    ]);
  });

  test("reports a clock that is off", async () => {
    const now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now + 120_000);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await findings()).toEqual([
      expect.stringMatching(/^clock: The deployment's clock differs from yours by 1[12]\d s$/),
    ]);
  });

  test("reports an unavailable database", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    onTestFinished(() => stack.neon.heal(stack.databaseName));
    expect(await findings()).toEqual([
      "ready: GET /api/ready returns 503 database-unavailable",
      "mail: POST /api/auth/resend-verification returns 503 database-unavailable",
    ]);
  });

  test("reports missing variables for sending email", async () => {
    const server = await startStackForTest({ sharing: stack, env: { MAIL_FROM: undefined } });
    expect(await findings({ server })).toContain(
      "mail: POST /api/auth/resend-verification returns 503 server-misconfigured",
    );
  });

  describe("behind a front end", () => {
    const vercel = { server: "Vercel", "x-vercel-id": "fra1::abcde-1" };
    const secret = { PROXY_SECRET: "a-secret-of-the-proxy-with-43-characters-00" };

    /** The check of a deployment whose responses have these headers. */
    async function proxyCheck(
      headersAt: { page: Record<string, string>; api: Record<string, string> },
      env: Record<string, string> = {},
    ) {
      const ask = async (url: URL, init?: RequestInit) => {
        const response = await askAt(stack)(url, init);
        const headers = new Headers(response.headers);
        headers.delete("x-vercel-id");
        const added = url.pathname.startsWith("/api/") ? headersAt.api : headersAt.page;
        for (const [name, value] of Object.entries(added)) headers.set(name, value);
        return new Response(response.body, { status: response.status, headers });
      };
      const checks = await examineDeployment("https://app.example.com", { ask, env });
      return checks.find(({ name }) => name.startsWith("proxy"));
    }

    test("passes when page and API come from Vercel", async () => {
      expect(await proxyCheck({ page: vercel, api: vercel })).toEqual({ name: "proxy (no sign of one)" });
    });

    test.each([
      [
        "serves the page and forwards /api",
        { server: "Netlify" },
        { ...vercel, server: "Netlify" },
        "server: Netlify at /, server: Netlify at /api/health",
      ],
      ["serves the page only", { server: "nginx" }, vercel, "server: nginx at /"],
      [
        "adds Via",
        { ...vercel, via: "1.1 varnish" },
        { ...vercel, via: "1.1 varnish" },
        "via: 1.1 varnish at /, via: 1.1 varnish at /api/health",
      ],
      [
        "hides the id of Vercel",
        { server: "Vercel" },
        { server: "Vercel" },
        "no x-vercel-id at /, no x-vercel-id at /api/health",
      ],
    ])("warns without PROXY_SECRET about a host that %s", async (_case, page, api, seen) => {
      expect(await proxyCheck({ page, api })).toMatchObject({
        name: "proxy",
        finding: {
          what: `A host in front of Vercel responds (${seen}), and PROXY_SECRET is not set here`,
          fix: expect.stringContaining("docs/deploy.md"),
          isWarning: true,
        },
      });
      expect((await proxyCheck({ page, api }, secret))?.finding).toBeUndefined();
    });
  });

  test.each([
    [{ status: 200, body: { data: [{ name: "example.com", status: "verified" }] } }, []],
    [
      { status: 200, body: { data: [{ name: "example.com", status: "pending" }] } },
      ["mail sender: mail.example.com is pending at Resend, which refuses its emails"],
    ],
    [
      { status: 200, body: { data: [] } },
      ["mail sender: mail.example.com is not a domain at Resend, which refuses its emails"],
    ],
    [{ status: 401, body: { name: "restricted_api_key", message: "only send" } }, []],
    [
      { status: 401, body: { name: "invalid_api_key", message: "API key is invalid" } },
      ["mail sender: Resend refuses the key: API key is invalid"],
    ],
  ])("checks the sender's domain at Resend: %j", async (reply, expected) => {
    const env = {
      RESEND_API_KEY: "re_12345678",
      MAIL_FROM: "Latchkey <hello@mail.example.com>",
      RESEND_BASE_URL: await resendWith(reply),
    };
    expect(await findings({ env })).toEqual(expected);
  });
});
