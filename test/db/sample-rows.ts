import { uuidv7 } from "uuidv7";
import type { TestDatabase } from "./engines.js";

type Sql = TestDatabase["sql"];
type Column = { name: string; type: string; isRequired: boolean };
/** By `table.column`, for the first and the second row; where there is none, the type decides. */
export type Samples = Record<string, readonly [unknown, unknown]>;
/** Of each table, its rows as JSON. */
export type Rows = Record<string, Record<string, unknown>[]>;

const byType: Record<string, readonly [unknown, unknown]> = {
  boolean: [true, false],
  integer: [3, 4],
  bigint: [3, 4],
  text: ["one", "two"],
  "text[]": [["one"], []],
  jsonb: ["{}", "[]"],
  "timestamp with time zone": ["2026-01-02T03:04:05.678Z", "2026-02-03T04:05:06Z"],
};

/**
 * Writes two rows into every table there is, whatever migrations have made it: the first with a value in every
 * column, the second with no more than must be. The first row is the one that other tables refer to.
 */
export async function fillEveryTable(sql: Sql, samples: Samples): Promise<Rows> {
  const tables = await tablesInOrder(sql);
  const firstIds = new Map<string, unknown>();
  for (const table of tables) {
    const columns = await columnsOf(sql, table);
    const parents = await parentsOf(sql, table);
    const sampleFor = ({ name, type }: Column, row: 0 | 1) => {
      const parent = parents[name];
      if (parent) return firstIds.get(parent);
      const pair = samples[`${table}.${name}`] ?? byType[type];
      if (pair) return pair[row];
      if (type === "uuid") return uuidv7();
      throw new Error(`no sample for ${table}.${name}, which is ${type}`);
    };
    const full = columns.map((column) => [column.name, sampleFor(column, 0)] as const);
    const least = columns.filter(({ isRequired }) => isRequired);
    firstIds.set(table, Object.fromEntries(full)["id"]);
    await insert(sql, table, full);
    await insert(
      sql,
      table,
      least.map((column) => [column.name, sampleFor(column, 1)]),
    );
  }
  return readTables(sql, tables);
}

async function insert(sql: Sql, table: string, row: (readonly [string, unknown])[]): Promise<void> {
  const names = row.map(([name]) => `"${name}"`).join(", ");
  const places = row.map((_, index) => `$${index + 1}`).join(", ");
  const values = row.map(([, value]) => value);
  await sql(`insert into "${table}" (${names}) values (${places})`, values);
}

export async function readTables(sql: Sql, tables: string[]): Promise<Rows> {
  const rows: Rows = {};
  for (const table of tables) {
    const found = await sql(`select to_jsonb(t) as row from "${table}" as t order by to_jsonb(t)::text`);
    rows[table] = found.map(({ row }) => row as Record<string, unknown>);
  }
  return rows;
}

/** Those that are referred to first. */
async function tablesInOrder(sql: Sql): Promise<string[]> {
  const found = await sql(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const left = found.map(({ name }) => String(name));
  const sorted: string[] = [];
  while (left.length > 0) {
    for (const table of [...left]) {
      const parents = Object.values(await parentsOf(sql, table));
      if (!parents.every((parent) => parent === table || sorted.includes(parent))) continue;
      sorted.push(...left.splice(left.indexOf(table), 1));
    }
  }
  return sorted;
}

async function columnsOf(sql: Sql, table: string): Promise<Column[]> {
  const found = await sql(
    `select attname as name, format_type(atttypid, atttypmod) as type,
            attnotnull and not atthasdef as "isRequired"
       from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
      order by attnum`,
    [`public.${table}`],
  );
  return found as Column[];
}

/** Column → table of each foreign key. */
async function parentsOf(sql: Sql, table: string): Promise<Record<string, string>> {
  const found = await sql(
    `select a.attname as name, p.relname as parent
       from pg_constraint c join pg_class p on p.oid = c.confrelid
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.conrelid = $1::text::regclass`,
    [`public.${table}`],
  );
  return Object.fromEntries(found.map(({ name, parent }) => [String(name), String(parent)]));
}
