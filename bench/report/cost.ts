import { workload } from "../machine/workload.js";
import type { Row } from "../subjects/rows.js";
import { figure, table } from "./markdown.js";
import { cpuOf, latencyOf, measurementsOf, type Results, samplesOf, tripsOf } from "./results.js";

/**
 * US dollars. Neon's are those of its Launch plan, from its documentation. Vercel's are the on-demand prices of a Pro
 * plan in iad1; they are an assumption, so check the price list before you quote them.
 */
const prices = {
  vercelActiveCpuHour: 0.128,
  vercelMemoryGbHour: 0.0106,
  vercelMillionInvocations: 0.6,
  neonCuHour: 0.106,
} as const;

/** Vercel bills the memory that an instance is allocated, even when it uses less. */
const instanceGb = 2;
/** Neon's smallest compute. */
const computeUnits = 0.25;
const hoursPerMonth = 730;
const busyRequestsPerSecond = 50;

/** Per hundred requests, for a user who reads tasks, changes a few, and returns after the access token expired. */
const mix: Partial<Record<Row, number>> = {
  list: 40,
  read: 12,
  me: 15,
  create: 8,
  change: 10,
  remove: 2,
  refresh: 9,
  login: 2,
  logout: 1,
  register: 0.4,
  verify: 0.3,
  forgot: 0.2,
  reset: 0.1,
};

type Inputs = { cpuMs: number; durationMs: number; trips: number };

/** Means over the mix. Duration is with the delayed database; trips include those after the response. */
function meanOverMix(results: Results): Inputs {
  const id = "latchkey-function";
  const inputs: Inputs = { cpuMs: 0, durationMs: 0, trips: 0 };
  let total = 0;
  for (const [name, weight] of Object.entries(mix)) {
    const row = name as Row;
    if (samplesOf(results, "loopback", id, row).length === 0) throw new Error(`${row} was not measured`);
    total += weight;
    inputs.cpuMs += weight * (cpuOf(results, id, row)?.median ?? 0);
    inputs.durationMs += weight * (latencyOf(results, "delayed", id, row)?.p50 ?? 0);
    inputs.trips += weight * (tripsOf(results, id, row)?.all ?? 0);
  }
  return {
    cpuMs: inputs.cpuMs / total,
    durationMs: inputs.durationMs / total,
    trips: inputs.trips / total,
  };
}

/** Dollars per million requests. Memory is an upper bound: it assumes that an instance serves one request at a time. */
function costOfMillion({ cpuMs, durationMs }: Inputs) {
  const hours = (ms: number) => (ms * 1e6) / 3_600_000;
  const busyHours = 1e6 / busyRequestsPerSecond / 3600;
  return {
    invocations: prices.vercelMillionInvocations,
    cpu: hours(cpuMs) * prices.vercelActiveCpuHour,
    memory: hours(durationMs) * instanceGb * prices.vercelMemoryGbHour,
    neonBusy: busyHours * computeUnits * prices.neonCuHour,
    neonAwakeAllMonth: hoursPerMonth * computeUnits * prices.neonCuHour,
  };
}

export function costText(results: Results): string {
  const inputs = meanOverMix(results);
  const cost = costOfMillion(inputs);
  const dollars = (value: number) => `$${value.toFixed(2)}`;
  const rss = measurementsOf(results, "loopback", "latchkey-function").rssBytes / 1e6;
  const shares = Object.entries(mix).map(([row, weight]) => `${row} ${weight}`);
  return [
    `Per 100 requests: ${shares.join(", ")}. The mean request takes ${figure(inputs.cpuMs)} ms of CPU in the function, ${figure(inputs.durationMs)} ms with the delayed database, and ${figure(inputs.trips)} trips. A process uses ${rss.toFixed(0)} MB after ${workload.reads} reads.`,
    "",
    table(
      ["for a million requests", "quantity", "price", "cost"],
      [
        ["Vercel, invocations", "1 M", dollars(prices.vercelMillionInvocations), dollars(cost.invocations)],
        [
          "Vercel, active CPU",
          `${figure(inputs.cpuMs / 3.6)} h`,
          `$${prices.vercelActiveCpuHour}/h`,
          dollars(cost.cpu),
        ],
        [
          `Vercel, memory (${instanceGb} GB, upper bound: one request at a time)`,
          `${figure((inputs.durationMs / 3.6) * instanceGb)} GB-h`,
          `$${prices.vercelMemoryGbHour}/GB-h`,
          dollars(cost.memory),
        ],
        [
          `Neon, ${computeUnits} CU at ${busyRequestsPerSecond} requests/s`,
          `${figure(cost.neonBusy / prices.neonCuHour)} CU-h`,
          `$${prices.neonCuHour}/CU-h`,
          dollars(cost.neonBusy),
        ],
        [
          `Neon, ${computeUnits} CU that runs all month, for a million requests spread over it`,
          `${figure(hoursPerMonth * computeUnits)} CU-h`,
          `$${prices.neonCuHour}/CU-h`,
          dollars(cost.neonAwakeAllMonth),
        ],
      ],
    ),
    "",
    "Neon's prices are those of its Launch plan. Vercel's on-demand prices are an assumption (`report/cost.ts`). Traffic, storage and plan fees are not included.",
  ].join("\n");
}
