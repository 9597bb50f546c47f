import { setTimeout as sleep } from "node:timers/promises";
import { type LoadContext, mayHaveLostSession, pickAction } from "./actions.js";
import type { LoadResponse } from "./load-client.js";

/** One request; `ms` counts from its scheduled start, which includes any wait for a connection. */
export type Sample = { name: string; atMs: number; ms: number; outcome: Outcome };
/** Excludes bodies: keeping them would slow the load generator down. */
type Outcome = Omit<LoadResponse, "json" | "cookie"> & { mayHaveLostSession: boolean };
export type Phase = {
  title: string;
  seconds: number;
  samples: Sample[];
  /** Requests that the load generator had no room for. */
  notSent: number;
  /** Resolves when every request has its response. */
  drained(): Promise<unknown>;
};

/** Includes requests that wait for a connection. With more, the load generator would measure its own memory. */
const maxInFlight = 1_500;
const tickMs = 5;

async function runAction(
  context: LoadContext,
  phase: Phase,
  startedAt: number,
  scheduledAt: number,
): Promise<void> {
  const { users } = context.state;
  const { name, run } = pickAction(context.random);
  const user = users[context.random.between(0, users.length - 1)];
  const token = user?.token;
  const response = user && (await run(context, user));
  if (!response) return;
  const now = performance.now();
  const { status, code, retryAfter, isThrottled } = response;
  const isExcusable = mayHaveLostSession(user) || token === user.endedToken;
  const outcome = {
    status,
    code,
    retryAfter,
    isThrottled,
    mayHaveLostSession: response.mayHaveLostSession ?? isExcusable,
  };
  phase.samples.push({ name, atMs: now - startedAt, ms: now - scheduledAt, outcome: shared(outcome) });
}

const outcomes = new Map<string, Outcome>();

/** Reuses equal outcomes: a million objects would burden the garbage collector of the load generator. */
function shared(outcome: Outcome): Outcome {
  const key = JSON.stringify(outcome);
  const known = outcomes.get(key) ?? outcome;
  outcomes.set(key, known);
  return known;
}

/** Runs `callers` concurrent callers, each of which waits for its response before the next request. */
export async function runClosedLoop(
  context: LoadContext,
  title: string,
  callers: number,
  seconds: number,
): Promise<Phase> {
  const phase: Phase = { title, seconds, samples: [], notSent: 0, drained: async () => {} };
  const startedAt = performance.now();
  const callRepeatedly = async () => {
    while (performance.now() - startedAt < seconds * 1_000) {
      await runAction(context, phase, startedAt, performance.now());
    }
  };
  await Promise.all(Array.from({ length: callers }, callRepeatedly));
  return { ...phase, seconds: (performance.now() - startedAt) / 1_000 };
}

/** Starts `perSecond` requests a second without waiting for responses; resolves after the last start. */
export async function runOpenLoop(
  context: LoadContext,
  title: string,
  perSecond: number,
  seconds: number,
): Promise<Phase> {
  const inFlight = new Set<Promise<void>>();
  const drained = () => Promise.all(inFlight);
  const phase: Phase = { title, seconds, samples: [], notSent: 0, drained };
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let started = 0; started < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    for (; started < due; started += 1) {
      if (inFlight.size >= maxInFlight) {
        phase.notSent += 1;
        continue;
      }
      const scheduledAt = startedAt + (started / perSecond) * 1_000;
      const request = runAction(context, phase, startedAt, scheduledAt).finally(() =>
        inFlight.delete(request),
      );
      inFlight.add(request);
    }
    await sleep(tickMs);
  }
  return phase;
}
