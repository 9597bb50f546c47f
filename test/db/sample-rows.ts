import { type Column, parentsOf, type Table } from "./catalog.js";
import type { ColumnValues } from "./column-values.js";
import type { EngineDatabase } from "./engines.js";

type Sql = EngineDatabase["sql"];
export type SampleRows = {
  /** Rows are numbered; row `n` has the same id in every table. */
  first: number;
  last: number;
  /** Row `n` is created `n` seconds later. */
  startAt: Date;
  /** The number of the row that foreign keys refer to, in SQL: "n" by default. */
  parentRow?: string;
  isFilled(column: Column, table: Table): boolean;
  values: ColumnValues;
};

/** Tables whose rows a trigger of another table inserts. */
const writtenByTriggers = ["task_texts"];

/**
 * Inserts rows into every table, parents first. Skips tables without valid values and their children.
 * @returns one message for each table without valid values, which names the entry to add
 */
export async function insertSampleRows(sql: Sql, tables: Table[], rows: SampleRows): Promise<string[]> {
  const problems: string[] = [];
  const skipped = new Set<string>();
  for (const table of tables.filter(({ name }) => !writtenByTriggers.includes(name))) {
    try {
      if (parentsOf(table).some((parent) => skipped.has(parent))) skipped.add(table.name);
      else await sql(insertStatement(table, rows));
    } catch (error) {
      skipped.add(table.name);
      problems.push(await explain(sql, table, error));
    }
  }
  return problems;
}

/** Says which value is missing: of the column in the error, or of the columns of the violated constraint. */
async function explain(sql: Sql, { name }: Table, error: unknown): Promise<string> {
  const { message, column, constraint } = error as Error & { column?: string; constraint?: string };
  const found = await sql(
    `select a.attname as column from pg_constraint k
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
      where k.conrelid = $1::text::regclass and k.conname = $2`,
    [`public."${name}"`, constraint ?? ""],
  );
  const columns = column ? [column] : found.map((row) => row["column"]);
  const entries = columns.map((missing) => `"${name}.${missing}"`).join(" or ") || `a column of "${name}"`;
  return `Add a valid value for ${entries} to columnValues in test/db/column-values.ts: ${message}`;
}

/** The required columns, keys, columns with a value, and the creation time. */
export const isEssential =
  (values: ColumnValues) =>
  ({ name, isRequired, isKey, parent }: Column, table: Table): boolean =>
    isRequired || isKey || parent !== null || name === "created_at" || `${table.name}.${name}` in values;

/** @throws Error when a column has no value */
function insertStatement(table: Table, rows: SampleRows): string {
  const columns = table.columns.filter((column) => rows.isFilled(column, table));
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const expressions = columns.map((column) => expressionFor(table, column, rows)).join(", ");
  return `insert into "${table.name}" (${names})
    select ${expressions} from generate_series(${rows.first}::int, ${rows.last}::int) as n`;
}

function expressionFor({ name: table }: Table, column: Column, rows: SampleRows): string {
  const { name, type, isKey, parent, allowedValues } = column;
  const given = rows.values[`${table}.${name}`];
  if (given !== undefined) return given;
  if (parent !== null) return keyOf(type, rows.parentRow ?? "n", rows);
  if (isKey) return keyOf(type, "n", rows);
  if (allowedValues) {
    return `(array[${allowedValues.map((value) => `'${value}'`)}])[1 + n % ${allowedValues.length}]`;
  }
  return expressionOfType(type, name, rows);
}

const createdAt = (n: string, { startAt }: SampleRows) =>
  `timestamptz '${startAt.toISOString()}' + make_interval(secs => ${n})`;

/** A UUIDv7 of the creation time, without randomness. */
const uuid = (n: string, rows: SampleRows) =>
  `(lpad(to_hex((extract(epoch from ${createdAt(n, rows)}) * 1000)::bigint), 12, '0')
    || '70008000' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** Text keys are digests. */
const keyOf = (type: string, n: string, rows: SampleRows) =>
  type === "uuid" ? uuid(n, rows) : type === "text" ? `md5((${n})::text)` : `(${n})::${type}`;

function expressionOfType(type: string, column: string, rows: SampleRows): string {
  if (type.endsWith("[]")) return `array[${expressionOfType(type.slice(0, -2), column, rows)}]`;
  if (/^(smallint|integer|bigint|numeric|real|double)/.test(type)) return "n";
  if (type.startsWith("time ") || type.startsWith("time(")) return "make_interval(mins => n % 1440)::time";
  if (/^(date|timestamp)/.test(type)) return `(${createdAt("n", rows)})::${type}`;
  if (/^(text|character)/.test(type)) return `'${column} ' || n`;
  if (/^jsonb?$/.test(type)) return `'{}'::${type}`;
  if (type === "boolean") return "n % 2 = 1";
  if (type === "bytea") return "decode(md5(n::text), 'hex')";
  if (type === "uuid") return uuid("n", rows);
  throw Object.assign(new Error(`values of the type ${type} are unknown`), { column });
}
