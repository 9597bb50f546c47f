import type { Stack } from "../../stack/stack.js";

/** Rows by table. */
export type RowCounts = Record<string, number>;

const tablesOf = async (stack: Stack): Promise<string[]> =>
  (await stack.sql("select tablename from pg_tables where schemaname = 'public' order by 1")).map(
    ({ tablename }) => String(tablename),
  );

async function countWhere(stack: Stack, conditionFor: (table: string) => string): Promise<RowCounts> {
  const counts = (await tablesOf(stack)).map(
    (table) => `'${table}', (select count(*)::int from ${table} where ${conditionFor(table)})`,
  );
  const [row] = await stack.sql(`select jsonb_build_object(${counts.join(", ")}) as counts`);
  return row?.["counts"] as RowCounts;
}

export type Counting = { transaction: string; before: RowCounts };

export async function startCounting(stack: Stack): Promise<Counting> {
  const [row] = await stack.sql("select pg_current_xact_id()::text as id");
  return { transaction: String(row?.["id"]), before: await countWhere(stack, () => "true") };
}

/**
 * Counts since the start: `added`, less the deleted rows, and `written`, which includes changed rows. A row of the
 * outbox changes when its email leaves, which shows only in the mailbox, so changes do not count there. For the same
 * reason, the budget of all email does not count at all.
 */
export async function countRows(stack: Stack, { transaction, before }: Counting) {
  const { email_budget: _, ...after } = await countWhere(stack, () => "true");
  const added = Object.fromEntries(
    Object.entries(after).map(([table, count]) => [table, count - Number(before[table])]),
  );
  const written = await countWhere(stack, (table) =>
    table === "outbox" || table === "email_budget" ? "false" : `xmin::text::bigint >= ${transaction}`,
  );
  return { added, written };
}
