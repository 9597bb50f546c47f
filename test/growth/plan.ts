import * as z from "zod";

/** One node of a plan as `explain (analyze, buffers, format json)` tells it. */
const node = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Index Name": z.string().optional(),
  "Actual Rows": z.number(),
  "Actual Loops": z.number(),
  "Rows Removed by Filter": z.number().default(0),
  "Rows Removed by Index Recheck": z.number().default(0),
  get Plans() {
    return z.array(node).default([]);
  },
});
export type PlanNode = z.output<typeof node>;

/** The one row of an explanation. */
export const explanation = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

export const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...plan.Plans.flatMap(nodesOf)];

/** Everything that a node looked at, with what it threw away. */
export const rowsSeen = (n: PlanNode): number =>
  (n["Actual Rows"] + n["Rows Removed by Filter"] + n["Rows Removed by Index Recheck"]) * n["Actual Loops"];

export const titleOf = (n: PlanNode): string =>
  [n["Node Type"], n["Index Name"] ?? n["Relation Name"]].filter(Boolean).join(" ");
