import { platform } from "node:os";
import { expect, inject, test } from "vitest";
import { hasPostgres, startStackForTest } from "../../stack/stack.js";
import { createRandom } from "../random.js";
import { addresses } from "./actions.js";
import { openLoadClient } from "./load-client.js";
import { findLostWrites } from "./lost-writes.js";
import { memoryTrend, watchMemory } from "./memory.js";
import { type Phase, runClosedLoop, runOpenLoop } from "./phases.js";
import {
  isAcceptable,
  isExcused,
  isSuccess,
  recoverySeconds,
  tableRow,
  unexpectedResponses,
} from "./report.js";
import { createLoadState } from "./virtual-users.js";

declare module "vitest" {
  interface ProvidedContext {
    load: { minutes: number; overloadMinutes: number; users: number; seed: number };
  }
}

const { minutes, overloadMinutes, users: userCount, seed } = inject("load");
/** Concurrent callers that saturate the functions: 32 and 128 reach the same throughput. */
const callers = 64;
const steadyShare = 0.8;
const overloadFactor = 5;
/** The median of their recoveries counts, because a busy machine may be slow for one of them. */
const overloadCount = 3;
const warmUpSeconds = 10;
const saturationSeconds = 10;
/** Each saturation sets the rate of a short phase: a shared machine reaches 234 to 367/s within two minutes. */
const steadySeconds = 20;
const recoveryPhaseSeconds = 20;
const maxRecoverySeconds = 10;
/** Growth of resident memory from the second to the last quarter. Runs below `trustedMinutes` are too short. */
const maxGrowth = 0.15;
const trustedMinutes = 5;

test("recovers from overload, loses no confirmed write and keeps its memory stable", {
  timeout: 20 * 60_000 + 2 * (minutes + overloadCount * overloadMinutes) * 60_000,
}, async () => {
  if (platform() !== "linux")
    throw new Error("callers need separate addresses: only Linux accepts all of 127.0.0.0/8");
  if (!hasPostgres()) throw new Error("the load test needs a real Postgres");
  // Keeping a log line per request would burden the garbage collector of the load generator.
  const stack = await startStackForTest({ keepsLogs: false });
  const state = await createLoadState(stack, userCount);
  const client = await openLoadClient(stack.origin, addresses);
  const context = { client, state, random: createRandom(seed) };

  const warmUp = await runClosedLoop(context, "warm-up", 32, warmUpSeconds);
  const calm: Phase[] = [];
  /** Measured again before each phase that depends on it: the capacity of a shared machine changes within minutes. */
  const saturate = async () => {
    const phase = await runClosedLoop(context, `saturation, ${callers} callers`, callers, saturationSeconds);
    calm.push(phase);
    return phase;
  };
  const perSecondOf = ({ samples, seconds }: Phase) => samples.length / seconds;

  const watch = watchMemory(Math.max(1_000, Math.min(5_000, minutes * 1_000)));
  const rounds = Math.max(1, Math.round((minutes * 60) / steadySeconds));
  const steady: Phase[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const perSecond = steadyShare * perSecondOf(await saturate());
    const phase = await runOpenLoop(context, `steady ${round}, 80 %`, perSecond, (minutes * 60) / rounds);
    await phase.drained();
    steady.push(phase);
    calm.push(phase);
  }
  const memory = watch.stop();

  const rough: Phase[] = [];
  const recoveries: number[] = [];
  for (let round = 1; round <= overloadCount; round += 1) {
    const before = await saturate();
    await client.connect();
    const title = `overload ${round}, ${overloadFactor} x`;
    const perSecond = overloadFactor * perSecondOf(before);
    const overload = await runOpenLoop(context, title, perSecond, overloadMinutes * 60);
    // A closed loop matches the load of `before`. A fixed rate could exceed the capacity of a slower moment.
    const afterwards = `afterwards ${round}, ${callers} callers`;
    const recovery = await runClosedLoop(context, afterwards, callers, recoveryPhaseSeconds);
    // Requests left in the queue by the overload are part of the recovery.
    await overload.drained();
    rough.push(overload, recovery);
    recoveries.push(recoverySeconds(before, recovery));
  }

  const phases = [warmUp, ...calm, ...rough];
  const trends = ["functions", "neon"].map((name) => memoryTrend(memory, name));
  const recovered = recoveries.toSorted((a, b) => a - b)[Math.floor(overloadCount / 2)] ?? Number.NaN;
  console.log(`seed ${seed}, ${userCount} users; times in ms`);
  console.table(phases.map(tableRow));
  console.table(trends);
  const responses = steady.reduce((total, { samples }) => total + samples.length, 0);
  console.log(`${responses} responses at 80 %; recovered after ${recoveries.join(", ")} s`);
  const excused = phases.flatMap(({ samples }) => samples.filter(isExcused)).length;
  console.log(`${excused} responses of sessions whose refresh had no response within the grace window`);

  const notSent = steady.reduce((total, phase) => total + phase.notSent, 0);
  const grown = trends.filter(({ growth }) => minutes >= trustedMinutes && !(growth <= maxGrowth));
  expect([
    ...calm.flatMap((phase) => unexpectedResponses(phase, isSuccess)),
    ...[warmUp, ...rough].flatMap((phase) => unexpectedResponses(phase, isAcceptable)),
    ...(notSent > 0 ? [`the load generator could not send ${notSent} requests at 80 %`] : []),
    ...grown.map(({ name, growth }) => `the memory of ${name} grew by ${Math.round(growth * 100)} %`),
    ...(recovered <= maxRecoverySeconds ? [] : [`recovery took ${recovered} s`]),
    ...(await findLostWrites(stack, state.confirmed)),
  ]).toEqual([]);
});
