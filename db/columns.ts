import { type Column, getTableColumns, is, SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** Columns and SQL expressions by the names that contracts give them. */
export type Selection = Record<string, Column | SQL>;

type ColumnsOf<T extends PgTable> = T["_"]["columns"];

/**
 * The columns of `table` that `shape` names, such as a contract's `schema.shape`. The types require a column for
 * every member, except for those computed in `computed`.
 */
export function columnsFor<T extends PgTable, S extends object, C extends { [K in keyof S]?: SQL } = object>(
  table: T,
  shape: S & { [K in Exclude<keyof S, keyof C>]: K extends keyof ColumnsOf<T> ? unknown : never },
  computed?: C,
): Selection {
  const columns: Record<string, Column | SQL> = { ...getTableColumns(table), ...computed };
  return Object.fromEntries(
    Object.keys(shape).map((name) => {
      const column = columns[name];
      if (!column) throw new Error(`The table has no column for ${name}`);
      return [name, column];
    }),
  );
}

/** A column of another relation with the same columns, such as a CTE that selects `tasks.*`. */
const columnIn = (relation: string, column: Column): SQL =>
  sql`${sql.identifier(relation)}.${sql.identifier(column.name)}`;

const expressionFor = (column: Column | SQL, relation: string | undefined): SQL => {
  if (is(column, SQL)) return column;
  return relation ? columnIn(relation, column) : sql`${column}`;
};

/** `"tasks"."completed_at" as "completedAt", …`, read from the table or from `relation`. */
export const selectList = (selection: Selection, relation?: string): SQL =>
  sql.join(
    Object.entries(selection).map(
      ([name, column]) => sql`${expressionFor(column, relation)} as ${sql.identifier(name)}`,
    ),
    sql`, `,
  );

/** `jsonb_build_object('completedAt', task.completed_at, …)` over the columns of `relation`. */
export const jsonObject = (selection: Selection, relation?: string): SQL =>
  sql`jsonb_build_object(${sql.join(
    Object.entries(selection).map(
      ([name, column]) => sql`${sql.raw(`'${name}'`)}, ${expressionFor(column, relation)}`,
    ),
    sql`, `,
  )})`;

/** A whole row: a value or an expression for every column, so the compiler finds a forgotten one. */
export type NewRow<T extends PgTable> = { [K in keyof T["$inferSelect"]]: T["$inferSelect"][K] | SQL };

/** `"id", "user_id", …`: the columns of `table`, as an `insert` lists them. */
export const columnNames = (table: PgTable): SQL =>
  sql.join(
    Object.values(getTableColumns(table)).map((column) => sql.identifier(column.name)),
    sql`, `,
  );

/** `id, version + 1, …`: a row of `table`, copied from a relation with the same columns, except for those in `values`. */
export const copiedRow = (table: PgTable, values: Record<string, SQL>): SQL =>
  sql.join(
    Object.entries(getTableColumns(table)).map(
      ([name, column]) => values[name] ?? sql`${sql.identifier(column.name)}`,
    ),
    sql`, `,
  );

/** `$1::uuid as "id", …`: a select list that is a whole row of `table`, such as a `NewRow`. */
export const rowValues = (table: PgTable, row: Record<string, unknown>): SQL =>
  sql.join(
    Object.entries(getTableColumns(table)).map(
      ([name, column]) => sql`${typed(column, row[name])} as ${sql.identifier(column.name)}`,
    ),
    sql`, `,
  );

/** A change to one column. */
export type Assignment = { column: Column; value: SQL };

/** A merge patch (RFC 7396): absent members stay, null clears. */
export type Patch<T extends PgTable> = { [K in keyof T["$inferSelect"]]?: NewRow<T>[K] | undefined };

/** The columns that a patch sets. */
export function assignments<T extends PgTable>(table: T, patch: Patch<T>): Assignment[] {
  const columns = getTableColumns(table);
  return Object.entries(patch).flatMap(([name, value]) => {
    const column = columns[name];
    return column && value !== undefined ? [{ column, value: typed(column, value) }] : [];
  });
}

/** `, "title" = $1::text …`, to follow other assignments. */
export const setClause = (changes: readonly Assignment[]): SQL =>
  sql.join(changes.map(({ column, value }) => sql`, ${sql.identifier(column.name)} = ${value}`));

/** Whether a change differs from the row in `relation`. */
export const isDifferent = (changes: readonly Assignment[], relation: string): SQL =>
  changes.length === 0
    ? sql`false`
    : sql`(${sql.join(
        changes.map(({ column, value }) => sql`${value} is distinct from ${columnIn(relation, column)}`),
        sql` or `,
      )})`;

/** Parameters are cast: Postgres cannot infer their types in a select list. */
const typed = (column: Column, value: unknown): SQL =>
  is(value, SQL) ? value : sql`${sql.param(value, column)}::${sql.raw(column.getSQLType())}`;
