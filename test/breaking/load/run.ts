import { platform } from "node:os";
import { expect, inject, test } from "vitest";
import { hasPostgres, startStackForTest } from "../../stack/stack.js";
import { seeded } from "../random.js";
import { closedLoop, maxInFlight, openLoop, type Phase } from "./arrivals.js";
import { gatherCrowd } from "./crowd.js";
import { lostWrites } from "./kept.js";
import { trendOf, watchMemory } from "./memory.js";
import { isOrderly, isSuccess, lineOf, percentile, recoverySeconds, unexpected } from "./report.js";
import { addresses } from "./visits.js";
import { openWire } from "./wire.js";

declare module "vitest" {
  interface ProvidedContext {
    load: { minutes: number; overloadMinutes: number; visitors: number; seed: number };
  }
}

const { minutes, overloadMinutes, visitors, seed } = inject("load");
/** Of closed loops; their mean is the saturation, for a single one may have had a good moment of a busy machine. */
const callers = [32, 64, 128];
const share = 0.8;
const overload = 5;
/** Each with its recovery, of which the median counts: a busy machine may be slow for one of them. */
const overloads = 3;
const warmUpSeconds = 10;
const saturationSeconds = 15;
const afterwardsSeconds = 30;
/** "Near before": twice the median of the steady load, and what a busy machine adds. */
const recoveredMs = (steadyMs: number) => 2 * steadyMs + 20;
const maxRecoverySeconds = 10;
/** Of resident memory from the second to the last quarter; what is shorter than `trustedMinutes` tells nothing. */
const maxGrowth = 0.15;
const trustedMinutes = 5;

test("under load", { timeout: 20 * 60_000 + (minutes + overloads * overloadMinutes) * 60_000 }, async () => {
  if (platform() !== "linux")
    throw new Error("callers need addresses of their own: only Linux has all of 127/8");
  if (!hasPostgres()) throw new Error("this needs a real Postgres");
  const stack = await startStackForTest();
  const crowd = await gatherCrowd(stack, visitors);
  const wire = await openWire(stack.origin, { connections: maxInFlight, addresses });
  const scene = { wire, crowd, random: seeded(seed) };

  const warm = await closedLoop(scene, "warm-up", 32, warmUpSeconds);
  const ladder: Phase[] = [];
  for (const count of callers) {
    ladder.push(await closedLoop(scene, `saturation, ${count} callers`, count, saturationSeconds));
  }
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const capacity =
    sum(ladder.map(({ samples }) => samples.length)) / sum(ladder.map(({ seconds }) => seconds));

  const watch = watchMemory(Math.max(1_000, Math.min(5_000, minutes * 1_000)));
  const steady = await openLoop(scene, "steady, 80 %", share * capacity, minutes * 60);
  await steady.drained();
  const memory = watch.stop();
  const limitMs = recoveredMs(percentile(steady.samples, 0.5));
  const rough: Phase[] = [];
  const recoveries: number[] = [];
  for (let round = 1; round <= overloads; round += 1) {
    const flooded = await openLoop(
      scene,
      `overload ${round}, 5 x`,
      overload * capacity,
      overloadMinutes * 60,
    );
    const afterwards = await openLoop(
      scene,
      `afterwards ${round}, 80 %`,
      share * capacity,
      afterwardsSeconds,
    );
    // What the overload has left in the queue is part of the recovery.
    await Promise.all([flooded.drained(), afterwards.drained()]);
    rough.push(flooded, afterwards);
    recoveries.push(recoverySeconds(afterwards, limitMs));
  }

  const phases = [warm, ...ladder, steady, ...rough];
  const trends = ["functions", "neon"].map((name) => trendOf(memory, name));
  const recovered = recoveries.toSorted((a, b) => a - b)[Math.floor(overloads / 2)] ?? Number.NaN;
  console.log(`seed ${seed}, ${visitors} visitors, ${Math.round(capacity)} answers/s at saturation; ms`);
  console.table(phases.map(lineOf));
  console.table(trends);
  console.log(`recovered after ${recoveries.join(", ")} s`);

  const grown = trends.filter(({ growth }) => minutes >= trustedMinutes && !(growth <= maxGrowth));
  expect([
    ...[...ladder, steady].flatMap((phase) => unexpected(phase, isSuccess)),
    ...[warm, ...rough].flatMap((phase) => unexpected(phase, isOrderly)),
    ...(steady.notSent > 0 ? [`the caller could not send ${steady.notSent} visits at 80 %`] : []),
    ...grown.map(({ name, growth }) => `the memory of ${name} has grown by ${Math.round(growth * 100)} %`),
    ...(recovered <= maxRecoverySeconds ? [] : [`recovered only after ${recovered} s`]),
    ...(await lostWrites(stack, crowd.ledger)),
  ]).toEqual([]);
});
