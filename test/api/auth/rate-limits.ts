import { expect } from "vitest";
import type { Budget } from "../../../lib/auth/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";

/** @returns the seconds to wait, from Retry-After */
export function expectRateLimited(
  response: ApiResponse | undefined,
  { name, burst, refillSeconds }: Budget,
): number {
  expect(response?.code).toBe("rate-limited");
  const wait = Number(response?.headers.get("retry-after"));
  expect(Number.isInteger(wait)).toBe(true);
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(refillSeconds);
  expect(response?.headers.get("ratelimit")).toBe(`"${name}";r=0;t=${wait}`);
  expect(response?.headers.get("ratelimit-policy")).toBe(`"${name}";q=${burst};w=${burst * refillSeconds}`);
  expect(response?.setCookies).toEqual([]);
  return wait;
}

/** Refills every budget as if `seconds` had passed. */
export const advanceBudgets = (stack: Stack, seconds: number) =>
  stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [seconds]);
