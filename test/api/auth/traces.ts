import type { Stack } from "../../stack/stack.js";

/**
 * The columns of all tables that contain a text, such as `users.email`. Reads every column that can hold text, so it
 * covers new tables too.
 */
export async function tracesOf(stack: Stack, text: string): Promise<string[]> {
  const columns = await stack.sql(
    `select table_name as "table", column_name as "column" from information_schema.columns
      where table_schema in ('public', 'drizzle') and data_type in
        ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea', 'name')
      order by 1, 2`,
  );
  const found = [];
  for (const { table, column } of columns) {
    const schema = String(table).startsWith("__") ? "drizzle" : "public";
    const rows = await stack.sql(
      `select from ${schema}."${table}" where position(lower($1) in lower("${column}"::text)) > 0 limit 1`,
      [text],
    );
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}
