import type { Network } from "../machine/testbed.js";
import { allSubjects } from "../subjects/all.js";
import { type Row, rowNames, rows } from "../subjects/rows.js";
import type { SubjectId } from "../subjects/subject.js";
import { absent, figure, table, withRange } from "./markdown.js";
import {
  cpuOf,
  latencyOf,
  loadOf,
  measuredSubjects,
  measurementsOf,
  type Results,
  tripsOf,
} from "./results.js";

const titles = new Map<SubjectId, string>(allSubjects.map(({ id, title }) => [id, title]));
const headOf = (ids: readonly SubjectId[]) => ["", ...ids.map((id) => titles.get(id) ?? id)];

const tableByRow = (
  ids: readonly SubjectId[],
  names: readonly Row[],
  cell: (id: SubjectId, row: Row) => string,
) =>
  table(
    headOf(ids),
    names.map((row) => [rows[row], ...ids.map((id) => cell(id, row))]),
  );

const tripColumns: readonly SubjectId[] = ["latchkey", "better-auth", "nest", "floor-http", "floor-pg"];

/** `1 + 2` means one trip before the response and two after it. */
export function tripsTable(results: Results): string {
  const measured = measuredSubjects(results);
  const ids = tripColumns.filter((id) => measured.includes(id));
  return tableByRow(ids, rowNames, (id, row) => {
    const trips = tripsOf(results, id, row);
    if (!trips) return absent;
    const after = trips.all - trips.beforeResponse;
    if (after === 0) return String(trips.beforeResponse);
    return `${trips.beforeResponse} + ${figure(after).replace(/\.00$/, "")}`;
  });
}

export const latencyTable = (results: Results, network: Network): string =>
  tableByRow(measuredSubjects(results), rowNames, (id, row) => {
    const latency = latencyOf(results, network, id, row);
    if (!latency) return absent;
    const { p50, p95, rounds } = latency;
    return `${figure(p50)} / ${figure(p95)} (${figure(rounds.min)}–${figure(rounds.max)})`;
  });

export const loadTable = (results: Results, network: Network): string =>
  tableByRow(measuredSubjects(results), rowNames, (id, row) => {
    const load = loadOf(results, network, id, row);
    return load ? withRange(load.perSecond) : absent;
  });

export const cpuTable = (results: Results): string =>
  tableByRow(measuredSubjects(results), rowNames, (id, row) => {
    const cpu = cpuOf(results, id, row);
    return cpu ? withRange(cpu) : absent;
  });

export function coldTable(results: Results): string {
  const lines = [...results.cold].map(([title, cold]) => {
    const size = results.sizes.get(title);
    const sizes = size
      ? [
          `${size.bundleKb.toFixed(0)}${size.nativeKb > 0 ? ` + ${size.nativeKb.toFixed(0)} native` : ""}`,
          `${size.installedMb.toFixed(1)} (${size.packages})`,
        ]
      : [absent, absent];
    return [title, withRange(cold.import), withRange(cold.response), withRange(cold.process), ...sizes];
  });
  const head = [
    "",
    "import, ms",
    "first response, ms",
    "spawn to exit, ms",
    "bundle, KB",
    "installed, MB (packages)",
  ];
  return table(head, lines);
}

export function memoryTable(results: Results): string {
  const ids = measuredSubjects(results);
  const megabytes = (id: SubjectId) => measurementsOf(results, "loopback", id).rssBytes / 1e6;
  return table(headOf(ids), [["RSS, MB", ...ids.map((id) => megabytes(id).toFixed(0))]]);
}
