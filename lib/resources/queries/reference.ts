import { type SQL, sql } from "drizzle-orm";

/** The rows that a member of a written row refers to, such as its labels. */
export type Reference = {
  /** The member of the body. */
  member: string;
  /** The CTEs that look them up. */
  lookup?: SQL;
  /** Whether they exist, or can be inserted. Otherwise nothing is written. */
  isPossible: SQL;
  /** The CTE that inserts the missing rows, if `isWritten`. */
  insertMissing?(isWritten: SQL): SQL;
};

/** The CTEs that look up the references, each followed by a comma. */
export const lookups = (references: readonly Reference[]): SQL =>
  sql.join(references.flatMap(({ lookup }) => (lookup ? [sql`${lookup},`] : [])));

/** The CTEs that insert missing rows, each preceded by a comma. */
export const insertedReferences = (references: readonly Reference[], isWritten: SQL): SQL =>
  sql.join(
    references.flatMap(({ insertMissing }) => (insertMissing ? [sql`, ${insertMissing(isWritten)}`] : [])),
  );

export const arePossible = (references: readonly Reference[]): SQL =>
  sql.join([sql`true`, ...references.map(({ isPossible }) => isPossible)], sql` and `);

/** The first member whose rows are not possible; null if all are. */
export function refusedMember(references: readonly Reference[]): SQL {
  if (references.length === 0) return sql`null::text`;
  const cases = references.map(({ member, isPossible }) => sql`when not ${isPossible} then ${member}::text`);
  return sql`case ${sql.join(cases, sql` `)} end`;
}
