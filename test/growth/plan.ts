import * as z from "zod";

/** One node of a plan in the output of `explain (analyze, buffers, format json)`. */
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

/** The rows that `explain` returns for one statement. */
export const explainOutput = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

export const flattenPlan = (plan: PlanNode): PlanNode[] => [plan, ...plan.Plans.flatMap(flattenPlan)];

/** Includes the rows that the node discarded. */
export const rowsRead = (n: PlanNode): number =>
  (n["Actual Rows"] + n["Rows Removed by Filter"] + n["Rows Removed by Index Recheck"]) * n["Actual Loops"];

export const describeNode = (n: PlanNode): string =>
  [n["Node Type"], n["Index Name"] ?? n["Relation Name"]].filter(Boolean).join(" ");
