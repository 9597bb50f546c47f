import { type SQL, sql } from "drizzle-orm";
import type { EventChainName } from "../../../db/schema/event-chains.js";
import type { AuditKey } from "../audit-key.js";

/** A table whose rows are chained. Names only, because the schema would make functions larger. */
export type ChainedTable = {
  chain: EventChainName;
  /** The column with the account that an event is about. */
  account: string;
  /** All columns except `seq` and `mac`. */
  columns: readonly string[];
};

/** The value of a column of `event`: the same in every time zone, and text for JSON, which may have nested nulls. */
function exactValue(column: string): string {
  if (column === "created_at") return "(extract(epoch from event.created_at) * 1000000)::bigint";
  return column === "before" || column === "after" ? `event.${column}::text` : `event.${column}`;
}

/**
 * A row named `event`, as the jsonb that its MAC covers. Without nulls, so that a column which a later release adds
 * changes no MAC. Postgres writes equal jsonb as equal text.
 */
export const coveredEvent = ({ columns }: ChainedTable): SQL =>
  sql.raw(
    `jsonb_strip_nulls(jsonb_build_object(${columns.map((column) => `'${column}', ${exactValue(column)}`).join(", ")}))`,
  );

/** The key as the last three arguments of a function. */
export const keyArguments = ({ id, inner, outer }: AuditKey): SQL =>
  sql`${id}::text, decode(${inner.toString("hex")}, 'hex'), decode(${outer.toString("hex")}, 'hex')`;

/**
 * `link`, with the columns `seq` and `mac` of a row named `event`. Join it laterally: Postgres then calls the function
 * once per row, in the order of the rows.
 */
export const chainLink = (table: ChainedTable, key: AuditKey): SQL => sql`
  extend_event_chain(${sql.raw(`'${table.chain}', event.${table.account}`)}, ${coveredEvent(table)},
                     ${keyArguments(key)}) as link`;
