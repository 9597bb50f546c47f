import type { Operation } from "../../lib/contract.js";
import { routes } from "../../lib/routes.js";
import { sendRequest, successStatusOf, validRequest } from "../api/structure/valid-requests.js";
import type { AnalyzedStack } from "./analyzed-stack.js";
import type { TripAnalysis } from "./analyzer.js";
import type { RequestChange } from "./request-changes.js";

/** One variant of a request, or the work that a function does after its response. */
export type Case = {
  title: string;
  /** Rows of one table that the case may read, where it differs from the usual limit. */
  maxRows?: number;
  analyze(analyzed: AnalyzedStack, repetitions: number): Promise<TripAnalysis[]>;
};

/** `trips`: the round trips of this variant, if it takes a shorter path than the contract allows. */
export function requestCase(
  op: Operation,
  variant = "",
  change: RequestChange = (same) => same,
  { status = successStatusOf(op), trips: tripCount = op.trips } = {},
): Case {
  const title = variant ? `${op.id}: ${variant}` : op.id;
  return {
    title,
    async analyze({ stack, analyzeTrips }, repetitions) {
      const request = await change(await validRequest(op, stack), stack);
      const [response, trips] = await analyzeTrips(tripCount, repetitions, () => sendRequest(op, request));
      if (response.status !== status) throw new Error(`${title}: ${response.status} ${response.text}`);
      if (trips.length !== tripCount) throw new Error(`${title}: ${trips.length} trips`);
      return trips;
    },
  };
}

export function operationById(id: string): Operation {
  const op = routes.find((route) => route.id === id);
  if (!op) throw new Error(`no operation ${id}`);
  return op;
}
