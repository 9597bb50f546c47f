import type { Stack } from "../../stack/stack.js";

/** Every value of every table. */
export async function dumpValues(stack: Stack): Promise<string[]> {
  const tables = await stack.sql(
    "select table_schema || '.' || table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => stack.sql(`select value from ${name} as t, jsonb_each_text(to_jsonb(t))`)),
  );
  return rows.flat().flatMap(({ value }) => (value === null ? [] : [String(value)]));
}

/** The last 32 bytes of a token are its secret. A dump could hold them in any encoding. */
export function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret, "base64url");
  const tail = bytes.subarray(-32);
  const utf8 = Buffer.from(secret);
  return [
    secret,
    ...[bytes, tail, utf8].flatMap((part) => [
      part.toString("hex"),
      part.toString("base64").replace(/=+$/, ""),
      part.toString("base64url"),
    ]),
  ];
}
