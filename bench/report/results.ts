import type { TripCost } from "../machine/calibrate.js";
import type { Network } from "../machine/testbed.js";
import type { ColdStart } from "../measure/cold-start.js";
import type { RowSample } from "../measure/round.js";
import type { NetworkResult } from "../measure/run-network.js";
import type { Measurements } from "../measure/start-subject.js";
import { median, quantile, type Spread, spread } from "../measure/statistics.js";
import { type Row, rowNames } from "../subjects/rows.js";
import type { SubjectId } from "../subjects/subject.js";

export type Size = { bundleKb: number; nativeKb: number; installedMb: number; packages: number };

export type Results = {
  /** Command, machine and versions, as lines of Markdown. */
  details: string[];
  trip: Record<Network, TripCost>;
  networks: Record<Network, NetworkResult>;
  cold: Map<string, ColdStart>;
  /** By the title of the cold start. */
  sizes: Map<string, Size>;
};

export const measuredSubjects = ({ networks }: Results): SubjectId[] => [...networks.loopback.keys()];

export function measurementsOf(results: Results, network: Network, id: SubjectId): Measurements {
  const measurements = results.networks[network].get(id);
  if (!measurements) throw new Error(`${id} was not measured on ${network}`);
  return measurements;
}

export const samplesOf = (results: Results, network: Network, id: SubjectId, row: Row): RowSample[] =>
  measurementsOf(results, network, id).samples.get(row) ?? [];

export type Latency = { p50: number; p95: number; rounds: Spread };

/** Percentiles over all samples; `rounds` is the spread of the medians of the rounds. */
export function latencyOf(results: Results, network: Network, id: SubjectId, row: Row): Latency | undefined {
  const samples = samplesOf(results, network, id, row);
  if (samples.length === 0) return undefined;
  const all = samples.flatMap(({ ms }) => ms);
  return {
    p50: median(all),
    p95: quantile(all, 0.95),
    rounds: spread(samples.map(({ ms }) => median(ms))),
  };
}

export function loadOf(results: Results, network: Network, id: SubjectId, row: Row) {
  const loads = measurementsOf(results, network, id).loads.get(row);
  if (!loads) return undefined;
  return {
    perSecond: spread(loads.map(({ perSecond }) => perSecond)),
    cpuMs: spread(loads.map(({ cpuMs }) => cpuMs)),
  };
}

export const hasLoads = (results: Results, network: Network): boolean =>
  measuredSubjects(results).some((id) => rowNames.some((row) => loadOf(results, network, id, row)));

/** CPU milliseconds per request. */
export const cpuOf = (results: Results, id: SubjectId, row: Row): Spread | undefined =>
  loadOf(results, "loopback", id, row)?.cpuMs;

export function tripsOf(results: Results, id: SubjectId, row: Row) {
  const samples = samplesOf(results, "loopback", id, row);
  if (samples.length === 0) return undefined;
  return {
    beforeResponse: median(samples.map(({ tripsBeforeResponse }) => tripsBeforeResponse)),
    all: median(samples.map(({ trips }) => trips)),
  };
}
