import type { NeonDbError } from "@neondatabase/serverless";

/** Returns the error that a query ends with. */
export async function errorOf(query: Promise<unknown>): Promise<NeonDbError> {
  const outcome = await query.then(
    () => null,
    (error: NeonDbError) => error,
  );
  if (!outcome) throw new Error("The query should have failed.");
  return outcome;
}
