import { type Network, networks } from "../machine/testbed.js";
import { isQuick, workload } from "../machine/workload.js";
import { connections } from "../measure/test-users.js";
import { journey, repeatable, rows } from "../subjects/rows.js";
import { costText } from "./cost.js";
import { goalsTable } from "./goals.js";
import { figure, table } from "./markdown.js";
import { method } from "./method.js";
import { hasLoads, type Results } from "./results.js";
import { coldTable, cpuTable, latencyTable, loadTable, memoryTable, tripsTable } from "./tables.js";

const quickNote =
  "**This is a quick run.** One short round per row: the figures are rough, and a goal near its limit may flip from run to run. It skips the Nest app, the floor on pg, and the loads with the delayed database. `npm run bench` measures them all.";

const onceOnly = journey
  .filter((row) => !repeatable.includes(row))
  .map((row) => rows[row])
  .join(", ");

function peoplePerRound(network: Network): string {
  const { warmUp, counted } = workload.journeyPeople[network];
  return `${connections * counted} people per round, after ${connections * warmUp} warm-up people`;
}

const goals = (results: Results): string[] => ["## Goals", goalsTable(results)];

function trips(results: Results): string[] {
  const costs = (["loopback", "delayed"] as const).map((network) => {
    const { pgMs, httpMs } = results.trip[network];
    return [network, figure(pgMs), figure(httpMs)];
  });
  return [
    "## Trips to the database",
    "Counted with one request at a time. For subjects on HTTP, the Neon endpoint counts requests. For subjects on pg, the driver counts statements; two concurrent statements are one trip. One trip (`select 1`), p50 in ms:",
    table(["", "on pg", "on HTTP"], costs),
    tripsTable(results),
  ];
}

const latency = (results: Results): string[] => [
  "## Latency on loopback",
  "p50 / p95 in ms, one request at a time. In brackets: the lowest and highest median of a round.",
  latencyTable(results, "loopback"),
  `## Latency with ${networks.delayed} ms each way to the database`,
  latencyTable(results, "delayed"),
];

function loads(results: Results): string[] {
  const { loadRounds, loadSeconds, journeyWarmUpRounds } = workload;
  const delayed = [
    `The same with ${networks.delayed} ms each way: ${loadRounds.delayed} rounds instead of ${loadRounds.loopback}, ${peoplePerRound("delayed")}, warm-up rounds: ${journeyWarmUpRounds.delayed}.`,
    loadTable(results, "delayed"),
  ];
  return [
    `## Requests/s at ${connections} connections`,
    `On loopback: median of the rounds, and their range. The caller, Postgres and the endpoint share the machine with the subject. Most rows repeat for ${loadSeconds} s per round, after a warm-up of a quarter of that. A person goes through these rows once: ${onceOnly}. They have ${peoplePerRound("loopback")}; warm-up rounds: ${journeyWarmUpRounds.loopback}.`,
    loadTable(results, "loopback"),
    ...(hasLoads(results, "delayed") ? delayed : []),
    "## CPU ms per request",
    "User and system time of the process during the loads on loopback. It includes V8's compiler and garbage collector threads.",
    cpuTable(results),
  ];
}

const coldStarts = (results: Results): string[] => [
  "## Cold start",
  "A fresh process imports the bundle and responds with a list of 20 tasks, which includes its first trip to the database. Median and range. *import* and *first response* count from the first line of the process.",
  coldTable(results),
];

const memory = (results: Results): string[] => [
  `## Memory after ${workload.reads} reads`,
  memoryTable(results),
];

const cost = (results: Results): string[] => [
  "## Cost of a million requests on Vercel and Neon",
  costText(results),
];

/** The text of RESULTS.md. A quick run, which goes to the terminal, puts the goals last. */
export function writeReport(results: Results): string {
  const head = [
    "# Speed, side by side",
    isQuick ? quickNote : "Written by `npm run bench`. Compare only figures of the same run.",
    results.details.join("\n"),
  ];
  const figures = [trips, latency, loads, coldStarts, memory, cost].flatMap((section) => section(results));
  const body = isQuick ? [...figures, ...goals(results)] : [method, ...goals(results), ...figures];
  return `${[...head, ...body].join("\n\n")}\n`;
}
