import type { TripCost } from "../machine/calibrate.js";
import type { Network } from "../machine/world.js";
import type { ColdStart } from "../measure/cold-start.js";
import type { Measured, NetworkResult } from "../measure/network.js";
import type { Stage } from "../measure/round.js";
import { median, quantile, type Spread, spread } from "../measure/statistics.js";
import type { Row } from "../subjects/dialect.js";
import type { SubjectId } from "../subjects/subject.js";

export type Size = { bundleKb: number; nativeKb: number; installedMb: number; packages: number };

export type Results = {
  /** As lines of text: command, machine, versions. */
  about: string[];
  trip: Record<Network, TripCost>;
  networks: Record<Network, NetworkResult>;
  cold: Map<string, ColdStart>;
  /** By the titles of the cold starts. */
  sizes: Map<string, Size>;
};

export function measuredOf(results: Results, network: Network, id: SubjectId): Measured {
  const measured = results.networks[network].get(id);
  if (!measured) throw new Error(`${id} was not measured on ${network}`);
  return measured;
}

export const stagesOf = (results: Results, network: Network, id: SubjectId, row: Row): Stage[] =>
  measuredOf(results, network, id).stages.get(row) ?? [];

export type Latency = { p50: number; p95: number; rounds: Spread; samples: number };

/** Over all samples; `rounds` are the medians of the rounds. Undefined where a subject has no such row. */
export function latencyOf(results: Results, network: Network, id: SubjectId, row: Row): Latency | undefined {
  const stages = stagesOf(results, network, id, row);
  if (stages.length === 0) return undefined;
  const all = stages.flatMap(({ ms }) => ms);
  const rounds = spread(stages.map(({ ms }) => median(ms)));
  return { p50: median(all), p95: quantile(all, 0.95), rounds, samples: all.length };
}

export function loadOf(results: Results, network: Network, id: SubjectId, row: Row) {
  const loads = measuredOf(results, network, id).loads.get(row);
  if (!loads) return undefined;
  return {
    perSecond: spread(loads.map((one) => one.perSecond)),
    cpuMs: spread(loads.map((one) => one.cpuMs)),
  };
}

/** Milliseconds a request. */
export const cpuOf = (results: Results, id: SubjectId, row: Row): Spread | undefined =>
  loadOf(results, "loopback", id, row)?.cpuMs;

/** The same in every round, or the run was not what it should be: `max` says so if not. */
export function tripsOf(results: Results, id: SubjectId, row: Row) {
  const stages = stagesOf(results, "loopback", id, row);
  if (stages.length === 0) return undefined;
  return {
    answered: median(stages.map((one) => one.answeredTrips)),
    all: median(stages.map((one) => one.trips)),
  };
}
