import { createLatchkey, type Latchkey, ProblemError } from "@latchkey/client";
import { onTestFinished, vi } from "vitest";
import type { Person } from "../stack/people.js";
import { type Stack, waitFor } from "../stack/stack.js";
import { type CookieJar, createCookieJar } from "./cookie-jar.js";

/** Against a stop, not a budget: the machine may be busy with other tests. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 180_000 });

/** A tab of the browser that the jar belongs to. */
export function openTab(
  { origin }: Stack,
  jar: CookieJar,
  onWait: (seconds: number) => void = () => {},
): Latchkey {
  const latchkey = createLatchkey({ baseUrl: origin, fetch: jar.fetch, onWait });
  onTestFinished(latchkey.close);
  return latchkey;
}

/** A tab in which somebody has just signed in; what the jar has sent is counted from here. */
export async function signedInTab(stack: Stack, { email, password }: Person) {
  const jar = createCookieJar();
  const latchkey = openTab(stack, jar);
  await latchkey.signIn({ email, password });
  jar.sent.length = 0;
  return { jar, latchkey };
}

export async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error;
  throw new Error(`no ProblemError, but ${error}`);
}

export const refreshesOf = ({ sent }: CookieJar) =>
  sent.filter((line) => line === "POST /api/auth/refresh").length;

/** Sets the clock of this side so much ahead; it goes on from there. */
export function advanceClock(seconds: number): void {
  const now = Date.now.bind(Date);
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now() + seconds * 1000);
  onTestFinished(() => spy.mockRestore());
}

/** Holds back the first request to a path until it is let go. */
export function holdBack(jar: CookieJar, path: string) {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const held = new Promise<void>((resolve) => {
    let isFirst = true;
    jar.meddle = async (request) => {
      if (!isFirst || new URL(request.url).pathname !== path) return undefined;
      isFirst = false;
      resolve();
      await gate;
      return undefined;
    };
  });
  return { held, letGo: () => letGo() };
}

/** Polls for what other tabs bring about. */
export const until = (isSo: () => boolean) => waitFor(() => (isSo() ? true : undefined), 30_000);
