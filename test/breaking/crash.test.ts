import { randomInt } from "node:crypto";
import pLimit from "p-limit";
import { expect, inject, onTestFinished, test } from "vitest";
import { hasPostgres } from "../stack/stack.js";
import { startCrashingStack } from "./crash/crashing-stack.js";
import { collectFindings } from "./crash/findings.js";
import { runJourney } from "./crash/journey.js";
import { createRandom } from "./random.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Set by `npm run crash`. */
    crash?: { journeys: number; seed: number };
  }
}

const { journeys, seed } = inject("crash") ?? { journeys: 20, seed: randomInt(2 ** 31) };
const concurrency = Math.min(journeys, 24);
/** Generous, because a busy machine must not fail the test. */
const timeoutMs = 300_000 + journeys * 6_000;

// Only a real Postgres rolls back the transaction of a client that was killed.
test.skipIf(!hasPostgres())(
  `${journeys} journeys lose and repeat nothing while functions are killed repeatedly (seed ${seed})`,
  async () => {
    const startedAt = performance.now();
    const stack = await startCrashingStack(createRandom(seed), concurrency);
    onTestFinished(() => stack.stop());
    const interruptions = new Map<string, number>();
    const onInterruption = (operation: string) =>
      void interruptions.set(operation, (interruptions.get(operation) ?? 0) + 1);

    const numbers = Array.from({ length: journeys }, (_, number) => number);
    const outcomes = await pLimit(concurrency).map(numbers, (number) =>
      runJourney(stack, seed + number, onInterruption).catch((error: unknown) => String(error)),
    );
    const failures = outcomes.filter((outcome) => typeof outcome === "string");
    const results = outcomes.filter((outcome) => typeof outcome !== "string");
    const findings = await collectFindings(stack, results);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `seed ${seed}: ${journeys} journeys, ${stack.kills()} kills, ${seconds} s; requests without a response:`,
    );
    console.table(Object.fromEntries([...interruptions].sort(([, a], [, b]) => b - a)));
    expect([...failures, ...findings]).toEqual([]);
    expect(stack.kills()).toBeGreaterThan(0);
  },
  timeoutMs,
);
