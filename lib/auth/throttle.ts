import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { pseudonym } from "../crypto/keyed-hash.js";
import type { Keys } from "../crypto/keys.js";
import { Problem } from "../problem.js";
import type { Budget } from "./limits.js";

/** One request against the budget of one subject, such as an IP address or an account. */
export type Charge = { budget: Budget; subject: string };

export const throttleKey = (keys: Keys, { budget, subject }: Charge): string =>
  pseudonym(keys, budget.name, subject);

/** SQL that charges the budgets in order and returns one row, `(wait, refused)`. */
export const chargeBudgets = (keys: Keys, charges: readonly Charge[]): SQL => sql`throttle_charge(
  ${sql.param(charges.map((charge) => throttleKey(keys, charge)))}::text[],
  ${sql.param(charges.map(({ budget }) => budget.refillSeconds))}::float8[],
  ${sql.param(charges.map(({ budget }) => budget.burst))}::int[])`;

/** Every throttled statement returns the seconds to wait and the spent budget, as a position that starts at 1. */
export const throttleColumns = { wait: z.int(), refused: z.int().nullable() };

/**
 * Sets the fields of draft-ietf-httpapi-ratelimit-headers.
 * @throws Problem `rate-limited` if a budget is spent
 */
export function requireBudget(
  charges: readonly Charge[],
  row: { wait: number; refused: number | null },
): void {
  if (row.wait === 0) return;
  const budget = row.refused === null ? undefined : charges[row.refused - 1]?.budget;
  throw new Problem("rate-limited", {
    detail: `Try again in ${row.wait} seconds.`,
    headers: { "retry-after": String(row.wait), ...(budget && rateLimitFields(budget, row.wait)) },
  });
}

const rateLimitFields = ({ name, burst, refillSeconds }: Budget, waitSeconds: number) => ({
  ratelimit: `"${name}";r=0;t=${waitSeconds}`,
  "ratelimit-policy": `"${name}";q=${burst};w=${burst * refillSeconds}`,
});
