import type { Network } from "../machine/world.js";
import { subjects } from "../subjects/all.js";
import { type Row, rowNames, rows } from "../subjects/dialect.js";
import type { SubjectId } from "../subjects/subject.js";
import { figure, none, table, withRange } from "./markdown.js";
import { cpuOf, latencyOf, loadOf, measuredOf, type Results, tripsOf } from "./results-type.js";

const everybody: readonly SubjectId[] = subjects.map(({ id }) => id);
const titles = new Map<SubjectId, string>(subjects.map(({ id, title }) => [id, title]));
const titleOf = (id: SubjectId): string => titles.get(id) ?? id;
const heads = (ids: readonly SubjectId[]) => ["", ...ids.map(titleOf)];

const byRow = (ids: readonly SubjectId[], names: readonly Row[], cell: (id: SubjectId, row: Row) => string) =>
  table(
    heads(ids),
    names.map((row) => [rows[row], ...ids.map((id) => cell(id, row))]),
  );

/** `1 + 2` are two more after the answer. */
export function tripsTable(results: Results): string {
  const ids = ["latchkey", "better-auth", "nest", "floor-http", "floor-pg"] as const;
  return byRow(ids, rowNames, (id, row) => {
    const trips = tripsOf(results, id, row);
    if (!trips) return none;
    const after = trips.all - trips.answered;
    return after === 0 ? String(trips.answered) : `${trips.answered} + ${figure(after).replace(/\.00$/, "")}`;
  });
}

export const latencyTable = (results: Results, network: Network): string =>
  byRow(everybody, rowNames, (id, row) => {
    const latency = latencyOf(results, network, id, row);
    if (!latency) return none;
    const { p50, p95, rounds } = latency;
    return `${figure(p50)} / ${figure(p95)} (${figure(rounds.min)}–${figure(rounds.max)})`;
  });

export const loadTable = (results: Results, network: Network): string => {
  const names = rowNames.filter((row) => everybody.some((id) => loadOf(results, network, id, row)));
  return byRow(everybody, names, (id, row) => {
    const load = loadOf(results, network, id, row);
    return load ? withRange(load.perSecond) : none;
  });
};

export const cpuTable = (results: Results): string =>
  byRow(everybody, rowNames, (id, row) => {
    const cpu = cpuOf(results, id, row);
    return cpu ? withRange(cpu) : none;
  });

export function coldTable(results: Results): string {
  const lines = [...results.cold].map(([title, cold]) => {
    const size = results.sizes.get(title);
    const sizes = size
      ? [
          `${size.bundleKb.toFixed(0)}${size.nativeKb > 0 ? ` + ${size.nativeKb.toFixed(0)} native` : ""}`,
          `${size.installedMb.toFixed(1)} (${size.packages})`,
        ]
      : [none, none];
    return [title, withRange(cold.import), withRange(cold.answer), withRange(cold.whole), ...sizes];
  });
  const head = [
    "",
    "import, ms",
    "first answer, ms",
    "from spawn to exit, ms",
    "bundle, KB",
    "installed, MB (packages)",
  ];
  return table(head, lines);
}

export const memoryTable = (results: Results): string =>
  table(heads(everybody), [
    ["RSS, MB", ...everybody.map((id) => (measuredOf(results, "loopback", id).rssBytes / 1e6).toFixed(0))],
  ]);
