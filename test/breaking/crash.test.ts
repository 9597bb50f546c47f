import { randomInt } from "node:crypto";
import pLimit from "p-limit";
import { expect, inject, onTestFinished, test } from "vitest";
import { hasPostgres } from "../stack/stack.js";
import { startCrashingStack } from "./crash/crashing-stack.js";
import { travel } from "./crash/journey.js";
import { findingsOf } from "./crash/verdict.js";
import { seeded } from "./random.js";

declare module "vitest" {
  interface ProvidedContext {
    /** How much of it; `npm run crash` asks for more. */
    crash?: { journeys: number; seed: number };
  }
}

const { journeys, seed } = inject("crash") ?? { journeys: 20, seed: randomInt(2 ** 31) };
const atOnce = Math.min(journeys, 24);
/** Far more than it takes: a busy machine is no finding. */
const allowedMs = 300_000 + journeys * 6_000;

// Only a real Postgres undoes what a client has left in the middle.
test.skipIf(!hasPostgres())(
  `${journeys} journeys over functions that are killed again and again (seed ${seed}): nothing lost, nothing twice`,
  async () => {
    const startedAt = performance.now();
    const world = await startCrashingStack(seeded(seed), atOnce);
    onTestFinished(() => world.stop());
    const unheard = new Map<string, number>();
    const onInterruption = (operation: string) =>
      void unheard.set(operation, (unheard.get(operation) ?? 0) + 1);

    const numbers = Array.from({ length: journeys }, (_, number) => number);
    const outcomes = await pLimit(atOnce).map(numbers, (number) =>
      travel(world, seed + number, onInterruption).catch((error: unknown) => String(error)),
    );
    const strandings = outcomes.filter((outcome) => typeof outcome === "string");
    const travellers = outcomes.filter((outcome) => typeof outcome !== "string");
    const findings = await findingsOf(world, travellers);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(`seed ${seed}: ${journeys} journeys, ${world.kills()} kills, ${seconds} s; without answer:`);
    console.table(Object.fromEntries([...unheard].sort(([, a], [, b]) => b - a)));
    expect([...strandings, ...findings]).toEqual([]);
    expect(world.kills()).toBeGreaterThan(0);
  },
  allowedMs,
);
