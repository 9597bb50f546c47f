import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Query } from "../../dev/neon/backend.js";
import { createEndpoint } from "../../dev/neon/endpoint.js";
import { Faults } from "../../dev/neon/faults.js";
import { openPostgresBackend } from "../../dev/neon/postgres.js";
import { Traffic } from "../../dev/neon/traffic.js";
import { settleAndClaim } from "../../lib/mail/queries.js";
import { type Stack, startStack } from "../stack/stack.js";
import { type Examined, type Examiner, openExaminer } from "./examiner.js";

export type ExaminedStack = {
  stack: Stack;
  examiner: Examiner;
  /** Examines the first trips that `request` makes, each just before it really goes. */
  examineTrips<T>(count: number, repetitions: number, request: () => Promise<T>): Promise<[T, Examined[]]>;
  stop(): Promise<void>;
};

/** Of a request before, it may still be under way. */
const afterAnAnswer = new PgDialect().sqlToQuery(settleAndClaim([], 1).statement).sql;
const isAfterAnAnswer = (queries: readonly Query[]) => queries.every(({ text }) => text === afterAnAnswer);

/** A stack whose functions reach their database through an endpoint that can look at every trip. */
export async function startExaminedStack(): Promise<ExaminedStack> {
  const backend = openPostgresBackend({ kind: "postgres" }, { maxConnections: 10, idleSeconds: 60 });
  let look: ((queries: Query[]) => Promise<void>) | undefined;
  const watched = {
    ...backend,
    run: async (...call: Parameters<typeof backend.run>) => {
      const { queries } = call[1];
      if (!isAfterAnAnswer(queries)) await look?.(queries);
      return backend.run(...call);
    },
  };
  const state = { id: randomUUID(), traffic: new Traffic(), faults: new Faults() };
  const server = createEndpoint(async () => watched, state).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;

  const stack = await startStack({ env: { NEON_FETCH_ENDPOINT: `http://127.0.0.1:${port}/sql` } });
  const examiner = await openExaminer(String(stack.env["DATABASE_URL"]));
  return {
    stack,
    examiner,
    async examineTrips(count, repetitions, request) {
      const trips: Examined[] = [];
      look = async (queries) => {
        if (trips.length === count - 1) look = undefined;
        trips.push(await examiner.examine(queries, repetitions));
      };
      const answer = await request();
      look = undefined;
      return [answer, trips];
    },
    async stop() {
      await stack.stop();
      await examiner.close();
      server.close();
      server.closeAllConnections();
      await backend.close();
    },
  };
}
