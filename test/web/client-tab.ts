import { createLatchkey, type Latchkey, ProblemError } from "@latchkey/client";
import { onTestFinished, vi } from "vitest";
import { accessTokenSeconds } from "../../lib/auth/limits.js";
import { type Stack, waitFor } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";
import { type CookieJar, createCookieJar } from "./cookie-jar.js";

/** A clock this far ahead makes a new token almost expired: the next request refreshes it. */
export const almostExpiredSeconds = accessTokenSeconds - 20;

/** Opens a tab in the browser that owns the jar. */
export function openTab(
  { origin }: Stack,
  jar: CookieJar,
  onWait: (seconds: number) => void = () => {},
): Latchkey {
  const latchkey = createLatchkey({ baseUrl: origin, fetch: jar.fetch, onWait });
  onTestFinished(latchkey.close);
  return latchkey;
}

/** Opens a tab in a new browser and signs in. `jar.sent` starts after that. */
export async function openSignedInTab(stack: Stack, { email, password }: TestUser) {
  const jar = createCookieJar();
  const latchkey = openTab(stack, jar);
  await latchkey.signIn({ email, password });
  jar.sent.length = 0;
  return { jar, latchkey };
}

/** The problem that a request fails with. */
export async function problemFrom(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error;
  throw new Error(`expected a ProblemError, got ${error}`);
}

export const refreshPath = "/api/auth/refresh";

export const countRefreshes = ({ sent }: CookieJar) =>
  sent.filter((line) => line === `POST ${refreshPath}`).length;

/** Sets the client's clock ahead for the rest of the test. It keeps running. */
export function advanceClock(seconds: number): void {
  const now = Date.now.bind(Date);
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now() + seconds * 1000);
  onTestFinished(() => spy.mockRestore());
}

/** Holds the first request to a path on its way to the server, until `release`. */
export function holdRequest(jar: CookieJar, path: string) {
  const { hold, held, release } = createHold(path);
  jar.intercept = async (request) => {
    await hold(request);
    return undefined;
  };
  return { held, release };
}

/** Holds the first response from a path on its way to the browser, until `release`. */
export function holdResponse(jar: CookieJar, path: string) {
  const { hold, held, release } = createHold(path);
  jar.delay = hold;
  return { held, release };
}

/** Makes every request to a path fail on its way to the server. */
export function failRequests(jar: CookieJar, path: string): void {
  jar.intercept = async ({ url }) => {
    if (new URL(url).pathname === path) throw new TypeError("Failed to fetch");
    return undefined;
  };
}

function createHold(path: string) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reportHeld = () => {};
  const held = new Promise<void>((resolve) => {
    reportHeld = resolve;
  });
  let isFirst = true;
  async function hold({ url }: Request): Promise<void> {
    if (!isFirst || new URL(url).pathname !== path) return;
    isFirst = false;
    reportHeld();
    await released;
  }
  return { hold, held, release: () => release() };
}

/** Time for an effect that must not come. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Polls for an effect of another tab. */
export const waitUntil = (isTrue: () => boolean) => waitFor(() => (isTrue() ? true : undefined), 30_000);
