import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessTokenSeconds } from "../../lib/auth/limits.js";
import { type Stack, startStack } from "../stack/stack.js";
import { signUp } from "../stack/users.js";
import { openBrowser, sessionCookieOf, signIn, visit } from "./browser.js";

let stack: Stack;
let network: Server;
let browser: Browser;
/** Responses to refreshes with this cookie wait on their way to the browser. */
let slow: { cookie: string; released: Promise<void> } | undefined;

beforeAll(async () => {
  stack = await startStack();
  network = createServer((incoming, outgoing) => {
    const { method, headers, url = "" } = incoming;
    const sent = request(stack.origin + url, { method, headers }, async (response) => {
      if (slow && url === "/api/auth/refresh" && headers.cookie?.includes(slow.cookie)) await slow.released;
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(sent);
  });
  await once(network.listen(0, "127.0.0.1"), "listening");
  const { port } = network.address() as AddressInfo;
  browser = await openBrowser({ ...stack, origin: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await browser?.close();
  network?.close();
  await stack?.stop();
});

/** Holds the responses to refreshes with a cookie. @returns a function that releases them */
function holdRefreshes(cookie: string): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  slow = { cookie, released };
  return () => release();
}

test("a late refresh response of another tab does not replace the cookie of a new sign-in", async () => {
  const [ada, grace] = [await signUp(stack), await signUp(stack, { name: "Grace Hopper" })];
  const { context, page } = await visit(browser);
  await signIn(page, ada);
  const other = await context.newPage();
  await other.goto("/tasks");
  await other.getByText("No tasks yet").waitFor();

  const release = holdRefreshes((await sessionCookieOf(context))?.value ?? "");
  await other.clock.setFixedTime(Date.now() + accessTokenSeconds * 1000);
  const refresh = other.waitForRequest("**/api/auth/refresh");
  await other.getByLabel("Done", { exact: true }).click({ force: true });
  await refresh;
  // Shows the sign-in form in this tab only. The response to its background check is held too.
  await page.evaluate(() => localStorage.clear());
  await signIn(page, grace);
  await other.getByText("Grace Hopper").waitFor();
  const cookie = await sessionCookieOf(context);
  release();
  // Gives the responses time to arrive.
  await page.waitForTimeout(500);
  expect((await sessionCookieOf(context))?.value).toBe(cookie?.value);
  await page.reload();
  await page.getByText("Grace Hopper").waitFor();
});
