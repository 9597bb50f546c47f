import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { schema } from "../../db/schema-exports.js";
import type { Stack } from "../../stack/stack.js";

/** The rows of the database by table, ordered by their values. */
export type Rows = Record<string, Record<string, unknown>[]>;
/** Rows in a form that is equal for equal runs. */
export type ComparableRows = Record<string, string[]>;

const tables = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => getTableName(table));

/** Columns that are written after a response, at an unpredictable time: by the email sender, and after "This wasn't me". */
const lateColumns = ["sent_at", "due_at", "attempts", "last_error", "budget_keys"];
/** Columns that differ between equal runs, such as the id of a transaction. */
const unequalColumns = [...lateColumns, "counted_by"];

export async function readRows(stack: Stack): Promise<Rows> {
  const sorted = tables.map(
    (name) => `'${name}', (select coalesce(jsonb_agg(r order by r::text), '[]')
      from (select to_jsonb(t) - '{${unequalColumns}}'::text[] as r from ${name} as t) as rows)`,
  );
  const [row] = await stack.sql(`select jsonb_build_object(${sorted.join()}) as rows`);
  return row?.["rows"] as Rows;
}

export const deleteRows = (stack: Stack) => stack.sql(`truncate ${tables.join()}`);

/**
 * Replaces values that differ from run to run by their kind. Planted users share one password hash, so another hash
 * reveals a changed password. Leaves out rate limits, which refill with time, what the email sender counts, and the heads
 * of chains, which count the events.
 */
export function comparable({
  throttle: _,
  email_budget: __,
  event_chains: ___,
  ...rows
}: Rows): ComparableRows {
  const all = JSON.stringify(rows);
  const toKind = (name: string, value: unknown) => {
    if (typeof value !== "string") return value;
    // A position has a random suffix.
    if (name === "position") return name;
    if (value.startsWith("$argon2")) {
      return all.split(value).length > rowsOfOneUser ? "shared hash" : "changed hash";
    }
    return kinds.find(([, pattern]) => pattern.test(value))?.[0] ?? value;
  };
  const shown = Object.entries(rows).map(([table, list]) => [
    table,
    list.map((row) => JSON.stringify(row, toKind)).sort(),
  ]);
  return Object.fromEntries(shown);
}

/** At most this many rows hold the hash of one user: the account and its registrations. */
const rowsOfOneUser = 5;

const kinds = [
  ["id", /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  ["time", /^\d{4}-\d\d-\d\dT/],
  ["email", /@/],
  ["mac", /\.[\da-f]{64}$/],
  ["digest", /^[\w-]{22,}$/],
] as const satisfies [string, RegExp][];

/** Counts the rows in `after` that `before` lacks, by table. */
export function countAdded(before: ComparableRows, after: ComparableRows): Record<string, number> {
  const added = Object.entries(after).map(([table, rows]) => {
    const left = [...(before[table] ?? [])];
    const isNew = (row: string) => {
      const place = left.indexOf(row);
      if (place >= 0) left.splice(place, 1);
      return place < 0;
    };
    return [table, rows.filter(isNew).length] as const;
  });
  return Object.fromEntries(added.filter(([, count]) => count > 0));
}
