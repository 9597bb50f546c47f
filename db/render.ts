import { CasingCache } from "drizzle-orm/casing";
import type { Query, SQL } from "drizzle-orm/sql";

const config = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/**
 * The text and the parameters of a statement. `PgDialect` renders the same, and brings the query builder along, which would
 * add 16 KB to every function.
 */
export const render = (statement: SQL): Query => statement.toQuery(config);
