import { setTimeout as sleep } from "node:timers/promises";
import { isCutOff, nextVisit, type Scene } from "./visits.js";
import type { WireAnswer } from "./wire.js";

/** One request as its caller saw it; `ms` since it wanted to begin. */
export type Sample = { name: string; atMs: number; ms: number; answer: Outcome };
/** Without its body: thousands of those would make the caller slow. */
type Outcome = Omit<WireAnswer, "json" | "cookie"> & { isCutOff: boolean };
export type Phase = {
  title: string;
  seconds: number;
  samples: Sample[];
  /** Visits that the caller itself had no room for. */
  notSent: number;
  /** Until every visit has its answer. */
  drained(): Promise<unknown>;
};

/** With those that wait for a connection. Beyond, what is measured would be the memory of the caller. */
const maxInFlight = 1_500;
const tickMs = 5;

async function visitOnce(scene: Scene, phase: Phase, startedAt: number, wantedAt: number): Promise<void> {
  const { visitors } = scene.crowd;
  const { name, visit } = nextVisit(scene.random);
  const visitor = visitors[scene.random.between(0, visitors.length - 1)];
  const token = visitor?.token;
  const answer = visitor && (await visit(scene, visitor));
  if (!answer) return;
  const now = performance.now();
  const { status, code, retryAfter, isThrottled } = answer;
  const wasCutOff = isCutOff(visitor) || token === visitor.lostToken;
  const outcome = { status, code, retryAfter, isThrottled, isCutOff: answer.isCutOff ?? wasCutOff };
  phase.samples.push({ name, atMs: now - startedAt, ms: now - wantedAt, answer: shared(outcome) });
}

const outcomes = new Map<string, Outcome>();

/** There are few kinds: an object for each of a million requests is what the caller would have to tidy up. */
function shared(outcome: Outcome): Outcome {
  const key = JSON.stringify(outcome);
  const known = outcomes.get(key) ?? outcome;
  outcomes.set(key, known);
  return known;
}

/** So many callers, each of whom waits for its answer before the next request; lasts until the last has its own. */
export async function closedLoop(
  scene: Scene,
  title: string,
  callers: number,
  seconds: number,
): Promise<Phase> {
  const phase: Phase = { title, seconds, samples: [], notSent: 0, drained: async () => {} };
  const startedAt = performance.now();
  const call = async () => {
    while (performance.now() - startedAt < seconds * 1_000) {
      await visitOnce(scene, phase, startedAt, performance.now());
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { ...phase, seconds: (performance.now() - startedAt) / 1_000 };
}

/** So many arrivals a second, whether or not the earlier ones have been answered; ends with the last arrival. */
export async function openLoop(
  scene: Scene,
  title: string,
  perSecond: number,
  seconds: number,
): Promise<Phase> {
  const inFlight = new Set<Promise<void>>();
  const drained = () => Promise.all(inFlight);
  const phase: Phase = { title, seconds, samples: [], notSent: 0, drained };
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let arrived = 0; arrived < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    for (; arrived < due; arrived += 1) {
      if (inFlight.size >= maxInFlight) {
        phase.notSent += 1;
        continue;
      }
      const wantedAt = startedAt + (arrived / perSecond) * 1_000;
      const visited = visitOnce(scene, phase, startedAt, wantedAt).finally(() => inFlight.delete(visited));
      inFlight.add(visited);
    }
    await sleep(tickMs);
  }
  return phase;
}
