import { neon, neonConfig } from "@neondatabase/serverless";
import type { SQL } from "drizzle-orm";
import { type Deadline, httpPost, type OnReceived } from "./http-client.js";
import { render } from "./render.js";

export type Row = Record<string, unknown>;

export type DriverOptions = {
  url: string;
  /** SQL-over-HTTP endpoint. By default the one that Neon derives from the host of `url`. */
  endpoint?: string | undefined;
  /** Shared by all calls. Without it, they never time out. */
  deadline?: Deadline;
};

/**
 * Parsers of result columns by `pg_type.oid`. Every other type stays text. Timestamps must: a Date would lose their
 * microseconds and differ from the same column inside JSON.
 */
const parsers: Record<number, (text: string) => unknown> = {
  16: (text) => text === "t", // bool
  21: Number, // int2
  23: Number, // int4
  701: Number, // float8
  114: JSON.parse,
  3802: JSON.parse, // jsonb
};
const types = { getTypeParser: (oid: number) => parsers[oid] ?? String };

/** Sends statements to Postgres over Neon's HTTP protocol, one round trip per call. Driver errors pass through. */
export function openDriver({ url, endpoint, deadline }: DriverOptions) {
  // The driver reads both from this global, per call. A process talks to one database.
  neonConfig.fetchFunction = httpPost;
  if (endpoint) neonConfig.fetchEndpoint = endpoint;
  const client = neon(url);
  const prepare = (statement: SQL, onReceived?: OnReceived) => {
    const { sql: text, params } = render(statement);
    return client.query(text, params, { types, fetchOptions: { deadline, onReceived } });
  };
  return {
    run: (statement: SQL, onReceived?: OnReceived): Promise<Row[]> => prepare(statement, onReceived),
    /** Runs all statements in one transaction and returns the rows of each. */
    transaction: (statements: readonly SQL[], onReceived?: OnReceived): Promise<Row[][]> =>
      client.transaction(
        statements.map((statement) => prepare(statement)),
        { fetchOptions: { deadline, onReceived } },
      ),
  };
}
