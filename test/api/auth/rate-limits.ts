import { expect } from "vitest";
import { argon2, type Budget } from "../../../lib/auth/limits.js";
import { type Charge, throttleKey } from "../../../lib/auth/throttle.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import type { ApiResponse } from "../../stack/client.js";
import { authEnv } from "../../stack/seed.js";
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

/** Spends a budget but for `left`, as if many requests had charged it. */
export async function spendBudget(stack: Stack, charge: Charge, left = 0): Promise<void> {
  const [keys] = keyRing(authEnv(stack).AUTH_SECRET);
  const { burst, refillSeconds } = charge.budget;
  await stack.sql(
    `insert into throttle (key, tat, allowed) values ($1, now() + make_interval(secs => $2::float8), true)
     on conflict (key) do update set tat = excluded.tat`,
    [throttleKey(keys, charge), (burst - left) * refillSeconds],
  );
}

/** Runs attempts of one caller in batches that pass the hash queue in time, even on a busy machine. */
export async function inBatches<T>(count: number, attempt: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < count) {
    const size = Math.min(argon2.hashesPerCaller / 2, count - results.length);
    const batch = Array.from({ length: size }, (_, i) => attempt(results.length + i));
    results.push(...(await Promise.all(batch)));
  }
  return results;
}

/** Spends a budget with attempts, and takes back what it refilled in the meantime. */
export async function spendBurst<T>(
  stack: Stack,
  { burst }: Budget,
  attempt: (i: number) => Promise<T>,
): Promise<T[]> {
  const first = await attempt(0);
  const startedAt = performance.now();
  const others = await inBatches(burst - 1, (i) => attempt(i + 1));
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  await stack.sql("update throttle set tat = tat + make_interval(secs => $1)", [elapsedSeconds]);
  return [first, ...others];
}

/** Refills every budget as if `seconds` had passed. Instances forget the refusals that they remember. */
export async function advanceBudgets(stack: Stack, seconds: number): Promise<void> {
  await stack.sql("update throttle set tat = tat - make_interval(secs => $1)", [seconds]);
  await stack.restart();
}
