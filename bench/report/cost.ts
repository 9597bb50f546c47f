import { amount } from "../machine/options.js";
import type { Row } from "../subjects/dialect.js";
import { figure, table } from "./markdown.js";
import { cpuOf, latencyOf, measuredOf, type Results, stagesOf, tripsOf } from "./results-type.js";

/**
 * US dollars. Neon: the Launch plan as its documentation lists it. Vercel: on-demand prices of a Pro plan in iad1,
 * an assumption to be checked against the price list before it is quoted.
 */
const prices = {
  vercelActiveCpuHour: 0.128,
  vercelMemoryGbHour: 0.0106,
  vercelMillionInvocations: 0.6,
  neonCuHour: 0.106,
} as const;

/** What an instance is given, not what it uses. */
const instanceGb = 2;
/** Neon's smallest compute. */
const computeUnits = 0.25;
const hoursOfMonth = 730;
const busyRequestsPerSecond = 50;

/** Of a hundred requests: somebody looks at tasks, now and then changes one, and comes back after a quarter of an hour. */
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

/** Means over the mix: CPU of the function, duration with the delayed database, trips with those after the answer. */
function weigh(results: Results): Inputs {
  const id = "latchkey-function";
  const inputs: Inputs = { cpuMs: 0, durationMs: 0, trips: 0 };
  let total = 0;
  for (const [name, weight] of Object.entries(mix)) {
    const row = name as Row;
    if (stagesOf(results, "loopback", id, row).length === 0) throw new Error(`${row} was not measured`);
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

/** Dollars for a million requests. Memory as if an instance served one request at a time: the most it can be. */
function costOfMillion({ cpuMs, durationMs }: Inputs) {
  const hours = (ms: number) => (ms * 1e6) / 3_600_000;
  const busyHours = 1e6 / busyRequestsPerSecond / 3600;
  return {
    invocations: prices.vercelMillionInvocations,
    cpu: hours(cpuMs) * prices.vercelActiveCpuHour,
    memory: hours(durationMs) * instanceGb * prices.vercelMemoryGbHour,
    neonBusy: busyHours * computeUnits * prices.neonCuHour,
    neonAwakeAllMonth: hoursOfMonth * computeUnits * prices.neonCuHour,
  };
}

export function costText(results: Results): string {
  const inputs = weigh(results);
  const cost = costOfMillion(inputs);
  const dollars = (value: number) => `$${value.toFixed(2)}`;
  const rss = measuredOf(results, "loopback", "latchkey-function").rssBytes / 1e6;
  const shares = Object.entries(mix).map(([row, weight]) => `${row} ${weight}`);
  return [
    `Of 100 requests: ${shares.join(", ")}. A mean request takes ${figure(inputs.cpuMs)} ms CPU in the function, ${figure(inputs.durationMs)} ms with the delayed database, ${figure(inputs.trips)} trips; a process has ${rss.toFixed(0)} MB after ${amount.reads} reads.`,
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
          `Vercel, memory (${instanceGb} GB, one request at a time: the most)`,
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
          "the same, when the million is spread over a month and it never sleeps",
          `${figure(hoursOfMonth * computeUnits)} CU-h`,
          `$${prices.neonCuHour}/CU-h`,
          dollars(cost.neonAwakeAllMonth),
        ],
      ],
    ),
    "",
    "Prices: Neon's Launch plan as documented; Vercel's on-demand prices are an assumption (`report/cost.ts`). Traffic, storage and plan fees are not in it.",
  ].join("\n");
}
