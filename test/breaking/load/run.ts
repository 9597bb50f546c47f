import { platform } from "node:os";
import { expect, inject, test } from "vitest";
import { hasPostgres, startStackForTest } from "../../stack/stack.js";
import { seeded } from "../random.js";
import { closedLoop, openLoop, type Phase } from "./arrivals.js";
import { gatherCrowd } from "./crowd.js";
import { lostWrites } from "./kept.js";
import { trendOf, watchMemory } from "./memory.js";
import { isExcused, isOrderly, isSuccess, lineOf, recoverySeconds, unexpected } from "./report.js";
import { addresses } from "./visits.js";
import { openWire } from "./wire.js";

declare module "vitest" {
  interface ProvidedContext {
    load: { minutes: number; overloadMinutes: number; visitors: number; seed: number };
  }
}

const { minutes, overloadMinutes, visitors, seed } = inject("load");
/** Of the closed loop that finds the saturation: with 32 and with 128 it is the same. */
const callers = 64;
const share = 0.8;
const overload = 5;
/** Each with its recovery, of which the median counts: a busy machine may be slow for one of them. */
const overloads = 3;
const warmUpSeconds = 10;
const saturationSeconds = 10;
/** At 80 % of one finding: the same processes with the same shares of the cores do 234 to 367/s within two minutes. */
const steadySeconds = 20;
const afterwardsSeconds = 20;
const maxRecoverySeconds = 10;
/** Of resident memory from the second to the last quarter; what is shorter than `trustedMinutes` tells nothing. */
const maxGrowth = 0.15;
const trustedMinutes = 5;

test("under load", {
  timeout: 20 * 60_000 + 2 * (minutes + overloads * overloadMinutes) * 60_000,
}, async () => {
  if (platform() !== "linux")
    throw new Error("callers need addresses of their own: only Linux has all of 127/8");
  if (!hasPostgres()) throw new Error("this needs a real Postgres");
  // A line for each of a million requests would be what the caller, which shares the machine, has to tidy up.
  const stack = await startStackForTest({ keepsLogs: false });
  const crowd = await gatherCrowd(stack, visitors);
  const wire = await openWire(stack.origin, addresses);
  const scene = { wire, crowd, random: seeded(seed) };

  const warm = await closedLoop(scene, "warm-up", 32, warmUpSeconds);
  const calm: Phase[] = [];
  /** What a shared machine can do changes within minutes: found again before each load that is measured by it. */
  const saturate = async () => {
    const phase = await closedLoop(scene, `saturation, ${callers} callers`, callers, saturationSeconds);
    calm.push(phase);
    return phase;
  };
  const perSecondOf = ({ samples, seconds }: Phase) => samples.length / seconds;

  const watch = watchMemory(Math.max(1_000, Math.min(5_000, minutes * 1_000)));
  const rounds = Math.max(1, Math.round((minutes * 60) / steadySeconds));
  const steady: Phase[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const perSecond = share * perSecondOf(await saturate());
    const phase = await openLoop(scene, `steady ${round}, 80 %`, perSecond, (minutes * 60) / rounds);
    await phase.drained();
    steady.push(phase);
    calm.push(phase);
  }
  const memory = watch.stop();

  const rough: Phase[] = [];
  const recoveries: number[] = [];
  for (let round = 1; round <= overloads; round += 1) {
    const before = await saturate();
    await wire.connect();
    const flood = `overload ${round}, ${overload} x`;
    const flooded = await openLoop(scene, flood, overload * perSecondOf(before), overloadMinutes * 60);
    // As full as before, and no fuller: arrivals that do not wait could be too many for a slower moment.
    const again = `afterwards ${round}, ${callers} callers`;
    const afterwards = await closedLoop(scene, again, callers, afterwardsSeconds);
    // What the overload has left in the queue is part of the recovery.
    await flooded.drained();
    rough.push(flooded, afterwards);
    recoveries.push(recoverySeconds(before, afterwards));
  }

  const phases = [warm, ...calm, ...rough];
  const trends = ["functions", "neon"].map((name) => trendOf(memory, name));
  const recovered = recoveries.toSorted((a, b) => a - b)[Math.floor(overloads / 2)] ?? Number.NaN;
  console.log(`seed ${seed}, ${visitors} visitors; ms`);
  console.table(phases.map(lineOf));
  console.table(trends);
  const answers = steady.reduce((total, { samples }) => total + samples.length, 0);
  console.log(`${answers} answers at 80 %; recovered after ${recoveries.join(", ")} s`);
  const ended = phases.flatMap(({ samples }) => samples.filter(isExcused)).length;
  console.log(
    `${ended} answers to sessions whose refresh stayed without an answer for longer than the grace`,
  );

  const notSent = steady.reduce((total, phase) => total + phase.notSent, 0);
  const grown = trends.filter(({ growth }) => minutes >= trustedMinutes && !(growth <= maxGrowth));
  expect([
    ...calm.flatMap((phase) => unexpected(phase, isSuccess)),
    ...[warm, ...rough].flatMap((phase) => unexpected(phase, isOrderly)),
    ...(notSent > 0 ? [`the caller could not send ${notSent} visits at 80 %`] : []),
    ...grown.map(({ name, growth }) => `the memory of ${name} has grown by ${Math.round(growth * 100)} %`),
    ...(recovered <= maxRecoverySeconds ? [] : [`recovered only after ${recovered} s`]),
    ...(await lostWrites(stack, crowd.ledger)),
  ]).toEqual([]);
});
