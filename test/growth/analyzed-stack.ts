import { type Query, startLocalNeon } from "@latchkey/local-neon";
import { isAfterResponse } from "../api/mail/after-response.js";
import { type Stack, startStack } from "../stack/stack.js";
import { type Analyzer, openAnalyzer, type TripAnalysis } from "./analyzer.js";

export type AnalyzedStack = {
  stack: Stack;
  analyzer: Analyzer;
  /** Analyzes the first `count` trips of `request`, each just before the endpoint runs it. */
  analyzeTrips<T>(
    count: number,
    repetitions: number,
    request: () => Promise<T>,
  ): Promise<[T, TripAnalysis[]]>;
  stop(): Promise<void>;
};

/** Starts a stack whose functions reach the database through an endpoint that can analyze every trip. */
export async function startAnalyzedStack(): Promise<AnalyzedStack> {
  let onTrip: ((queries: Query[]) => Promise<void>) | undefined;
  const neon = await startLocalNeon({
    backend: { kind: "postgres" },
    maxConnections: 10,
    async beforeBatch(queries) {
      if (!isAfterResponse(queries.map(({ text }) => text))) await onTrip?.(queries);
    },
  });
  const stack = await startStack({ env: { NEON_FETCH_ENDPOINT: neon.endpoint } });
  const analyzer = await openAnalyzer(stack.ownerUrl);
  return {
    stack,
    analyzer,
    async analyzeTrips(count, repetitions, request) {
      const trips: TripAnalysis[] = [];
      onTrip = async (queries) => {
        if (trips.length === count - 1) onTrip = undefined;
        trips.push(await analyzer.analyze(queries, repetitions));
      };
      const response = await request();
      onTrip = undefined;
      return [response, trips];
    },
    async stop() {
      await stack.stop();
      await analyzer.close();
      await neon.stop();
    },
  };
}
