import { type Row, rowNames, rows } from "../subjects/rows.js";
import type { SubjectId } from "../subjects/subject.js";
import { figure, table } from "./markdown.js";
import { cpuOf, latencyOf, loadOf, measuredSubjects, type Results, tripsOf } from "./results.js";

type Goal = { goal: string; isMet: boolean; figures: string };
type RowRatio = { row: Row; ratio: number };
type Limit = { atMost: number } | { below: number } | { atLeast: number } | { above: number };

const peersOf = (results: Results) => {
  const measured = measuredSubjects(results);
  return (["better-auth", "nest"] as const).filter((peer) => measured.includes(peer));
};

/** The ratios of the rows that both subjects support. */
function compareRows(names: readonly Row[], ratioOf: (row: Row) => number | undefined): RowRatio[] {
  const ratios = names.flatMap((row) => {
    const ratio = ratioOf(row);
    return ratio === undefined ? [] : [{ row, ratio }];
  });
  if (ratios.length === 0) throw new Error(`no measured row among ${names.join(", ")}`);
  return ratios;
}

const show = (ratios: readonly RowRatio[]) =>
  ratios.map(({ row, ratio }) => `${rows[row]} ${figure(ratio)}`).join(", ");

function isWithin(ratio: number, limit: Limit): boolean {
  if ("atMost" in limit) return ratio <= limit.atMost;
  if ("below" in limit) return ratio < limit.below;
  return "atLeast" in limit ? ratio >= limit.atLeast : ratio > limit.above;
}

/** Names the rows that miss the limit or, when the goal is met, the two rows closest to missing it. */
function judge(goal: string, ratios: RowRatio[], limit: Limit): Goal {
  const missed = ratios.filter(({ ratio }) => !isWithin(ratio, limit));
  const isLowWorst = "atLeast" in limit || "above" in limit;
  const worstFirst = [...ratios].sort((a, b) => (isLowWorst ? a.ratio - b.ratio : b.ratio - a.ratio));
  const figures = missed.length > 0 ? `missed by: ${show(missed)}` : `worst: ${show(worstFirst.slice(0, 2))}`;
  return { goal, isMet: missed.length === 0, figures };
}

const divide = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a / b;

const p50 = (results: Results, id: SubjectId, row: Row) => latencyOf(results, "delayed", id, row)?.p50;
const cpu = (results: Results, id: SubjectId, row: Row) => cpuOf(results, id, row)?.median;

function tripGoals(results: Results): Goal[] {
  const goals = (text: string, kind: "beforeResponse" | "all") =>
    peersOf(results).map((peer) => {
      const ratios = compareRows(rowNames, (row) =>
        divide(tripsOf(results, "latchkey", row)?.[kind], tripsOf(results, peer, row)?.all),
      );
      return judge(`${text} ≤ ${peer}`, ratios, { atMost: 1 });
    });
  return [
    ...goals("trips before the response", "beforeResponse"),
    ...goals("for comparison: all trips, with those after the response", "all"),
  ];
}

function latencyGoals(results: Results): Goal[] {
  const toFloor = (own: SubjectId, floor: SubjectId) =>
    compareRows(rowNames, (row) => divide(p50(results, own, row), p50(results, floor, row)));
  const toBetterAuth = (names: readonly Row[]) =>
    compareRows(names, (row) =>
      divide(p50(results, "better-auth", row), p50(results, "latchkey", row === "guardedMe" ? "me" : row)),
    );
  const named = ["me", "list", "refresh", "logout", "reset"] as const;
  const near = { atMost: 1.25 };
  return [
    judge("delayed p50 ≤ floor on the same endpoint × 1.25", toFloor("latchkey", "floor-http"), near),
    judge("the same, functions alone", toFloor("latchkey-function", "floor-function"), near),
    judge("delayed p50 ≥ 2× faster than better-auth", toBetterAuth(named), { atLeast: 2 }),
    judge("for comparison: the same with better-auth's guarded route for me", toBetterAuth(["guardedMe"]), {
      atLeast: 2,
    }),
  ];
}

function loadGoals(results: Results): Goal[] {
  const perSecond = (id: SubjectId, row: Row) => loadOf(results, "loopback", id, row)?.perSecond.median;
  const compareLoads = (own: SubjectId, other: SubjectId) =>
    compareRows(["me", "list"], (row) => divide(perSecond(own, row), perSecond(other, row)));
  const peers = peersOf(results);
  const abovePeers = (own: SubjectId, text: string) =>
    peers.map((peer) => judge(`requests/s above ${peer}, ${text}`, compareLoads(own, peer), { above: 1 }));
  const floorShare = { atLeast: 0.7 };
  return [
    judge(
      "requests/s ≥ 70 % of the floor, functions alone",
      compareLoads("latchkey-function", "floor-function"),
      floorShare,
    ),
    judge(
      "the same, both behind the local Vercel server",
      compareLoads("latchkey", "floor-http"),
      floorShare,
    ),
    ...abovePeers("latchkey-function", "functions alone"),
    ...abovePeers("latchkey", "behind the local Vercel server"),
    ...(peers.includes("nest")
      ? [
          judge("for comparison: the floor alone, above nest", compareLoads("floor-function", "nest"), {
            above: 1,
          }),
        ]
      : []),
  ];
}

function cpuGoals(results: Results): Goal[] {
  const atMostHalf = (own: SubjectId, peer: SubjectId, goal: string) => {
    const ratios = compareRows(rowNames, (row) => divide(cpu(results, own, row), cpu(results, peer, row)));
    return judge(goal, ratios, { atMost: 0.5 });
  };
  return peersOf(results).flatMap((peer) => [
    atMostHalf("latchkey-function", peer, `CPU ms of the function ≤ half of ${peer}`),
    atMostHalf("floor-function", peer, `for comparison: CPU ms of the floor ≤ half of ${peer}`),
  ]);
}

function coldGoals({ cold }: Results): Goal[] {
  const responseMs = (title: string) =>
    [...cold].find(([key]) => key.startsWith(title))?.[1].response.median ?? Number.NaN;
  const own = responseMs("Latchkey");
  const goal = (text: string, other: number, limit: Limit): Goal => ({
    goal: `cold start of the tasks function ${text}`,
    isMet: isWithin(own / other, limit),
    figures: `${figure(own)} against ${figure(other)} ms: ${figure(own / other)}`,
  });
  return [
    goal("≤ floor's tasks function × 1.3", responseMs("Floor, function"), { atMost: 1.3 }),
    goal("≤ floor's whole bundle × 1.3", responseMs("Floor, whole"), { atMost: 1.3 }),
    goal("< half of better-auth's bundle", responseMs("better-auth"), { below: 0.5 }),
  ];
}

export function goalsTable(results: Results): string {
  const goals = [tripGoals, latencyGoals, loadGoals, cpuGoals, coldGoals].flatMap((goalsOf) =>
    goalsOf(results),
  );
  return table(
    ["goal", "", "figures (ratios)"],
    goals.map(({ goal, isMet, figures }) => [goal, isMet ? "met" : "**missed**", figures]),
  );
}
