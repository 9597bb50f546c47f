import { type FullQueryResults, type NeonQueryFunction, neon, neonConfig } from "@neondatabase/serverless";
import type { SQL } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import { type Deadline, post } from "./post.js";

neonConfig.fetchFunction = post;

// drizzle writes the statements. Its dialect and its neon-http session would add 65 KB and nothing used here.
const writing = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (value: string) => `'${value.replaceAll("'", "''")}'`,
};

/**
 * How a value is read from its text, by `pg_type.oid`: bool, int2, int4, float8, json, jsonb. All else stays text.
 * The driver's own readers make a Date of each time, only for us to write it as text again, and keep the whole of
 * its Postgres client in the bundle.
 */
const readers: Record<number, (text: string) => unknown> = {
  16: (text) => text === "t",
  21: Number,
  23: Number,
  701: Number,
  114: JSON.parse,
  3802: JSON.parse,
};
const asItIs = (text: string) => text;
const types = { getTypeParser: (oid: number) => readers[oid] ?? asItIs };

type Driver = NeonQueryFunction<true, true>;

const drivers = new Map<string, Driver>();

/** It keeps nothing of a request, and a function has one database. */
function driverOf(url: string): Driver {
  const driver = drivers.get(url) ?? neon(url, { arrayMode: true, fullResults: true });
  drivers.set(url, driver);
  return driver;
}

/** Runs statements at a database, one trip a call. Throws what the driver throws. */
export function connect(url: string, deadline: Deadline) {
  const driver = driverOf(url);
  const fetchOptions = { deadline };
  const prepare = (statement: SQL) => {
    const { sql: text, params } = statement.toQuery(writing);
    return driver.query(text, params, { types, fetchOptions });
  };
  return {
    deadline,
    run: async (statement: SQL): Promise<Row[]> => rowsOf(await prepare(statement)),
    /** The rows are those of the last statement. */
    async transaction(statements: SQL[]): Promise<Row[]> {
      const results = await driver.transaction(statements.map(prepare), { fetchOptions });
      return rowsOf(results.at(-1));
    },
  };
}

export type Row = Record<string, unknown>;

/** The driver would make rows as well, each by way of a list of its entries: three times the work. */
function rowsOf(result: FullQueryResults<true> | undefined): Row[] {
  if (!result) throw new Error("the last statement has no result");
  return result.rows.map((values) => {
    const row: Row = {};
    for (const [i, { name }] of result.fields.entries()) row[name] = values[i];
    return row;
  });
}
