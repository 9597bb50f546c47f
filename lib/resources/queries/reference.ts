import { type SQL, sql } from "drizzle-orm";

/** Rows of another table that a written row refers to, such as its labels. */
export type Reference = {
  /** The member of the body that names them. */
  member: string;
  /** The CTEs that look them up. */
  lookup?: SQL;
  /** Whether they exist, or can be inserted. Otherwise nothing is written. */
  isPossible: SQL;
  /** The CTE that inserts the missing ones, if the row `isWritten`. */
  insertMissing?(isWritten: SQL): SQL;
};

/** The CTEs that look up the references, to precede others. */
export const lookups = (references: readonly Reference[]): SQL =>
  sql.join(references.flatMap(({ lookup }) => (lookup ? [sql`${lookup},`] : [])));

/** The CTEs that insert missing rows, to follow others. */
export const insertedReferences = (references: readonly Reference[], isWritten: SQL): SQL =>
  sql.join(
    references.flatMap(({ insertMissing }) => (insertMissing ? [sql`, ${insertMissing(isWritten)}`] : [])),
  );

export const arePossible = (references: readonly Reference[]): SQL =>
  sql.join([sql`true`, ...references.map(({ isPossible }) => isPossible)], sql` and `);

/** The member whose rows are not possible; null: all are. */
export function refusedMember(references: readonly Reference[]): SQL {
  if (references.length === 0) return sql`null::text`;
  const cases = references.map(({ member, isPossible }) => sql`when not ${isPossible} then ${member}::text`);
  return sql`case ${sql.join(cases, sql` `)} end`;
}
