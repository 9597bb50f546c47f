import type { EngineDatabase } from "./engines.js";

type Sql = EngineDatabase["sql"];
export type Column = {
  name: string;
  /** As Postgres spells it, such as `timestamp with time zone`. */
  type: string;
  isKey: boolean;
  /** Not null and without a default. */
  isRequired: boolean;
  /** The table that this column refers to. */
  parent: string | null;
  /** The values that a check constraint lists for this column alone. */
  allowedValues: string[] | null;
};
export type Table = { name: string; columns: Column[] };

// Triggers of other tables write rows of sync_heads, so it comes before them.
const columnQuery = `
  select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
         exists (select from pg_constraint k
                  where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any(k.conkey)) as "isKey",
         a.attnotnull and not a.atthasdef and a.attidentity = '' as "isRequired",
         (select p.relname from pg_constraint k join pg_class p on p.oid = k.confrelid
           where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum] limit 1) as parent,
         (select pg_get_constraintdef(k.oid) from pg_constraint k
           where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
             and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%' limit 1) as "check"
    from pg_class c join pg_attribute a on a.attrelid = c.oid
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
     and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
   order by c.relname <> 'sync_heads', c.relname, a.attnum`;

/** Reads the tables from the database, because db/schema/ does not describe those of earlier migrations. */
export async function readCatalog(sql: Sql): Promise<Table[]> {
  const tables = new Map<string, Table>();
  for (const { table, check, ...column } of await sql(columnQuery)) {
    const name = String(table);
    const found = tables.get(name) ?? { name, columns: [] };
    tables.set(name, found);
    found.columns.push({ ...column, allowedValues: check ? literalsIn(String(check)) : null } as Column);
  }
  return parentsFirst([...tables.values()]);
}

const literalsIn = (definition: string) =>
  [...definition.matchAll(/'([^']*)'/g)].map(([, literal = ""]) => literal);

export const parentsOf = ({ name, columns }: Table): string[] =>
  columns.flatMap(({ parent }) => (parent === null || parent === name ? [] : [parent]));

function parentsFirst(tables: Table[]): Table[] {
  const sorted: Table[] = [];
  const isSorted = (name: string) => sorted.some((table) => table.name === name);
  while (sorted.length < tables.length) {
    const next = tables.find((table) => !isSorted(table.name) && parentsOf(table).every(isSorted));
    if (!next) throw new Error("foreign keys form a cycle");
    sorted.push(next);
  }
  return sorted;
}
