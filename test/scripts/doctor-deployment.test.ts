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

/** Asks the stack, which believes to be at its APP_URL, as if it were there. */
const askAt = (server: Stack) => (url: URL, init?: RequestInit) =>
  fetch(new URL(url.pathname + url.search, server.origin), init);

async function findings(options: { at?: string; server?: Stack; env?: Record<string, string> } = {}) {
  const { at = "http://localhost:3000", server = stack, env } = options;
  const checks = await examineDeployment(at, { ask: askAt(server), ...(env ? { env } : {}) });
  return checks.flatMap(({ name, finding }) => (finding ? [`${name}: ${finding.what}`] : []));
}

/** Resend's list of domains, with the status that it has for one. */
async function resendWith(answer: { status: number; body: object }): Promise<string> {
  const server = createServer((_request, response) => {
    response
      .writeHead(answer.status, { "content-type": "application/json" })
      .end(JSON.stringify(answer.body));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("npm run doctor with an address", () => {
  test("looks at health, clock, readiness, cookie, CORS, mail and sender, and is content with a sound deployment", async () => {
    const checks = await examineDeployment("http://localhost:3000", { ask: askAt(stack) });
    expect(checks.map(({ name }) => name.split(" (")[0])).toEqual([
      "health",
      "clock",
      "ready",
      "cookie",
      "CORS",
      "mail",
      "mail sender",
    ]);
    expect(checks.filter(({ finding }) => finding)).toEqual([]);
    expect(await stack.sql("select 1 from outbox where recipient is not null")).toEqual([]);
  });

  test("says that nothing answers, and then no more", async () => {
    const checks = await examineDeployment("http://127.0.0.1:9");
    expect(checks).toHaveLength(1);
    expect(checks[0]?.finding?.what).toMatch(/^No answer/);
  });

  test("says when the address is not APP_URL", async () => {
    expect(await findings({ at: "https://other.example.com" })).toEqual([
      "cookie: The cookie lacks __Host-latchkey=, Secure",
      expect.stringContaining("CORS: Pages of https://other.example.com are not its own"),
    ]);
  });

  test("says when the clocks differ", async () => {
    const now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now + 120_000);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await findings()).toEqual([
      expect.stringMatching(/^clock: Its clock and yours differ by 1[12]\d s$/),
    ]);
  });

  test("says when the database is away", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    onTestFinished(() => stack.neon.heal(stack.databaseName));
    expect(await findings()).toEqual([
      "ready: GET /api/ready answers 503 database-unavailable",
      "mail: What sends mail answers 503 database-unavailable",
    ]);
  });

  test("says when what sends mail is not configured", async () => {
    const server = await startStackForTest({ sharing: stack, env: { MAIL_FROM: undefined } });
    expect(await findings({ server })).toContain("mail: What sends mail answers 503 server-misconfigured");
  });

  test.each([
    [{ status: 200, body: { data: [{ name: "example.com", status: "verified" }] } }, []],
    [
      { status: 200, body: { data: [{ name: "example.com", status: "pending" }] } },
      ["mail sender: mail.example.com is pending at Resend, so mails are refused"],
    ],
    [
      { status: 200, body: { data: [] } },
      ["mail sender: mail.example.com is not a domain at Resend, so mails are refused"],
    ],
    [{ status: 401, body: { name: "restricted_api_key", message: "only send" } }, []],
    [
      { status: 401, body: { name: "invalid_api_key", message: "API key is invalid" } },
      ["mail sender: Resend refuses the key: API key is invalid"],
    ],
  ])("looks at the sender's domain where it may: %j", async (answer, expected) => {
    const env = {
      RESEND_API_KEY: "re_12345678",
      MAIL_FROM: "Latchkey <hello@mail.example.com>",
      RESEND_BASE_URL: await resendWith(answer),
    };
    expect(await findings({ env })).toEqual(expected);
  });
});
