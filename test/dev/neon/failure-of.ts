import type { NeonDbError } from "@neondatabase/serverless";

/** The error a query ends with. */
export async function failureOf(query: Promise<unknown>): Promise<NeonDbError> {
  const outcome = await query.then(
    () => null,
    (error: NeonDbError) => error,
  );
  if (!outcome) throw new Error("the query should have failed");
  return outcome;
}
