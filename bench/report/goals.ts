import { type Row, rowNames, rows } from "../subjects/dialect.js";
import type { SubjectId } from "../subjects/subject.js";
import { figure, table } from "./markdown.js";
import { cpuOf, latencyOf, loadOf, type Results, tripsOf } from "./results-type.js";

type Goal = { goal: string; isMet: boolean; figures: string };
type Compared = { row: Row; ratio: number };

const peers = ["better-auth", "nest"] as const;

/** Rows that Latchkey and this subject both have, with what the one is of the other. */
function compare(
  other: SubjectId,
  names: readonly Row[],
  ratioOf: (row: Row) => number | undefined,
): Compared[] {
  const compared = names.flatMap((row) => {
    const ratio = ratioOf(row);
    return ratio === undefined ? [] : [{ row, ratio }];
  });
  if (compared.length === 0) throw new Error(`nothing to compare with ${other}`);
  return compared;
}

const show = (compared: readonly Compared[]) =>
  compared.map(({ row, ratio }) => `${rows[row]} ${figure(ratio)}`).join(", ");

/** What misses, or the worst of what does not. */
function verdict(
  goal: string,
  compared: Compared[],
  isMet: (ratio: number) => boolean,
  worstIsLow = false,
): Goal {
  const missed = compared.filter(({ ratio }) => !isMet(ratio));
  const byRatio = [...compared].sort((a, b) => (worstIsLow ? a.ratio - b.ratio : b.ratio - a.ratio));
  const figures = missed.length > 0 ? `missed by: ${show(missed)}` : `worst: ${show(byRatio.slice(0, 2))}`;
  return { goal, isMet: missed.length === 0, figures };
}

const divide = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a / b;

const p50 = (results: Results, id: SubjectId, row: Row) => latencyOf(results, "delayed", id, row)?.p50;
const cpu = (results: Results, id: SubjectId, row: Row) => cpuOf(results, id, row)?.median;

function tripGoals(results: Results): Goal[] {
  const trips = (kind: "answered" | "all") => (peer: SubjectId) =>
    compare(peer, rowNames, (row) =>
      divide(tripsOf(results, "latchkey", row)?.[kind], tripsOf(results, peer, row)?.all),
    );
  const goal = (text: string, kind: "answered" | "all") =>
    peers.map((peer) => verdict(`${text} ≤ ${peer}`, trips(kind)(peer), (ratio) => ratio <= 1));
  return [
    ...goal("trips before the answer", "answered"),
    ...goal("for comparison: trips with those after the answer", "all"),
  ];
}

function latencyGoals(results: Results): Goal[] {
  const floor = (own: SubjectId, other: SubjectId) =>
    compare(other, rowNames, (row) => divide(p50(results, own, row), p50(results, other, row)));
  const isNear = (ratio: number) => ratio <= 1.25;
  const betterAuth = (names: readonly Row[]) =>
    compare("better-auth", names, (row) =>
      divide(p50(results, "better-auth", row), p50(results, "latchkey", row === "guardedMe" ? "me" : row)),
    );
  const isTwice = (ratio: number) => ratio >= 2;
  const named = ["me", "list", "refresh", "logout", "reset"] as const;
  return [
    verdict("delayed p50 ≤ floor on the same endpoint × 1.25", floor("latchkey", "floor-http"), isNear),
    verdict("the same, functions alone", floor("latchkey-function", "floor-function"), isNear),
    verdict("delayed p50 ≥ 2× faster than better-auth", betterAuth(named), isTwice, true),
    verdict(
      "for comparison: its guarded route instead of its own me",
      betterAuth(["guardedMe"]),
      isTwice,
      true,
    ),
  ];
}

function loadGoals(results: Results): Goal[] {
  const ratio = (own: SubjectId, other: SubjectId) =>
    compare(other, ["me", "list"], (row) =>
      divide(
        loadOf(results, "loopback", own, row)?.perSecond.median,
        loadOf(results, "loopback", other, row)?.perSecond.median,
      ),
    );
  const isNear = (share: number) => share >= 0.7;
  const above = (own: SubjectId, text: string) =>
    peers.map((peer) => verdict(`requests/s above ${peer}, ${text}`, ratio(own, peer), (x) => x > 1, true));
  return [
    verdict(
      "requests/s ≥ 70 % of the floor, functions alone",
      ratio("latchkey-function", "floor-function"),
      isNear,
      true,
    ),
    verdict("the same, both behind the local Vercel server", ratio("latchkey", "floor-http"), isNear, true),
    ...above("latchkey-function", "functions alone"),
    ...above("latchkey", "behind the local Vercel server"),
    verdict(
      "for comparison: the floor alone, above nest",
      ratio("floor-function", "nest"),
      (share) => share > 1,
      true,
    ),
  ];
}

function cpuGoals(results: Results): Goal[] {
  const half = (own: SubjectId, peer: SubjectId, goal: string) => {
    const compared = compare(peer, rowNames, (row) =>
      divide(cpu(results, own, row), cpu(results, peer, row)),
    );
    return verdict(goal, compared, (ratio) => ratio <= 0.5);
  };
  return peers.flatMap((peer) => [
    half("latchkey-function", peer, `CPU ms of the function ≤ half of ${peer}`),
    half("floor-function", peer, `for comparison: the floor's ≤ half of ${peer}`),
  ]);
}

function coldGoals({ cold }: Results): Goal[] {
  const answerOf = (start: string) =>
    [...cold].find(([title]) => title.startsWith(start))?.[1].answer.median ?? Number.NaN;
  const own = answerOf("Latchkey");
  const goal = (text: string, other: number, limit: number): Goal => ({
    goal: `cold start of the tasks function ${text}`,
    isMet: own / other <= limit,
    figures: `${figure(own)} against ${figure(other)} ms: ${figure(own / other)}`,
  });
  return [
    goal("≤ floor's tasks function × 1.3", answerOf("Floor, function"), 1.3),
    goal("≤ floor's whole bundle × 1.3", answerOf("Floor, whole"), 1.3),
    goal("< half of better-auth's bundle", answerOf("better-auth"), 0.5),
  ];
}

export function goalsTable(results: Results): string {
  const goals = [tripGoals, latencyGoals, loadGoals, cpuGoals, coldGoals].flatMap((of) => of(results));
  return table(
    ["goal", "", "figures (ratios)"],
    goals.map(({ goal, isMet, figures }) => [goal, isMet ? "met" : "**missed**", figures]),
  );
}
