import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../../db/schema.js";
import type { Stack } from "../../stack/stack.js";

/** Everything that a database holds, by table; rows in an order that depends on nothing but their values. */
export type Rows = Record<string, Record<string, unknown>[]>;

const tables = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => getTableName(table));

/** What the sender of mails writes down after an answer, whenever it comes to it. */
const ofSending = ["sent_at", "due_at", "attempts", "last_error"];

export async function allRows(stack: Stack): Promise<Rows> {
  const sorted = tables.map(
    (name) => `'${name}', (select coalesce(jsonb_agg(r order by r::text), '[]')
      from (select to_jsonb(t) - '{${ofSending}}'::text[] as r from ${name} as t) as rows)`,
  );
  const [row] = await stack.sql(`select jsonb_build_object(${sorted.join()}) as rows`);
  return row?.["rows"] as Rows;
}

export const removeAll = (stack: Stack) => stack.sql(`truncate ${tables.join()}`);

/**
 * The same with what differs from run to run made alike, so that two runs can be compared. All who are planted
 * have one password, so a hash says whether it was changed. Budgets are left out: what is charged comes back.
 */
export function comparable({ throttle: _, ...rows }: Rows): Record<string, string[]> {
  const all = JSON.stringify(rows);
  const alike = (_name: string, value: unknown) => {
    if (typeof value !== "string") return value;
    if (value.startsWith("$argon2")) return all.split(value).length > few ? "hash of all" : "hash of one";
    return kinds.find(([, pattern]) => pattern.test(value))?.[0] ?? value;
  };
  const shown = Object.entries(rows).map(([table, list]) => [
    table,
    list.map((row) => JSON.stringify(row, alike)).sort(),
  ]);
  return Object.fromEntries(shown);
}

/** One person's account and links. */
const few = 5;

const kinds = [
  ["id", /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  ["time", /^\d{4}-\d\d-\d\dT/],
  ["address", /@/],
  ["digest", /^[\w-]{22,}$/],
] as const satisfies [string, RegExp][];

/** How many rows `after` has that `before` has not, by table. */
export function countAdded(before: Record<string, string[]>, after: Record<string, string[]>) {
  const news = Object.entries(after).map(([table, rows]) => {
    const left = [...(before[table] ?? [])];
    const isNew = (row: string) => {
      const place = left.indexOf(row);
      if (place >= 0) left.splice(place, 1);
      return place < 0;
    };
    return [table, rows.filter(isNew).length] as const;
  });
  return Object.fromEntries(news.filter(([, count]) => count > 0));
}
