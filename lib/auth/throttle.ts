import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type * as database from "../../db/charge.js";
import { pseudonym } from "../crypto/keyed-hash.js";
import type { Keys } from "../crypto/keys.js";
import { Problem } from "../problem.js";
import type { Budget } from "./limits.js";
import { rememberedRefusals } from "./remembered-refusals.js";

/** One request against the budget of one subject, such as an address or an account. */
export type Charge = { budget: Budget; subject: string };

/** A charge of several units, such as pages of data. */
export type UnitCharge = Charge & { units?: number };

export const throttleKey = (keys: Keys, { budget, subject }: Charge): string =>
  pseudonym(keys, budget.name, subject);

/** The keys of the budgets, the seconds per unit, and the bursts, as arrays. */
export const budgetArrays = (keys: Keys, charges: readonly Charge[]): SQL[] => [
  sql`${sql.param(charges.map((charge) => throttleKey(keys, charge)))}::text[]`,
  sql`${sql.param(charges.map(({ budget }) => budget.refillSeconds))}::float8[]`,
  sql`${sql.param(charges.map(({ budget }) => budget.burst))}::int[]`,
];

/** SQL that charges the budgets in order and returns one row, `(wait, refused)`. */
export const chargeBudgets = (keys: Keys, charges: readonly Charge[]): SQL =>
  sql`throttle_charge(${sql.join(budgetArrays(keys, charges), sql`, `)})`;

/** The same for one of two lists. One call: Postgres may run both branches of a union before it filters. */
export function chargeEither(
  keys: Keys,
  condition: SQL,
  charges: readonly Charge[],
  otherwise: readonly Charge[],
): SQL {
  const others = budgetArrays(keys, otherwise);
  const chosen = budgetArrays(keys, charges).map(
    (array, index) => sql`case when ${condition} then ${array} else ${others[index]} end`,
  );
  return sql`throttle_charge(${sql.join(chosen, sql`, `)})`;
}

const requireBudgets = (keys: Keys, charges: readonly UnitCharge[]): SQL => sql`select require_budgets(
  ${sql.param(charges.map((charge) => throttleKey(keys, charge)))}::text[],
  ${sql.param(charges.map(({ budget }) => budget.refillSeconds))}::float8[],
  ${sql.param(charges.map(({ budget }) => budget.burst))}::int[],
  ${sql.param(charges.map(({ units }) => units ?? 1))}::int[])`;

/** The columns that every throttled statement returns. `refused`: the 1-based position of the spent budget. */
export const throttleColumns = { wait: z.int(), refused: z.int().nullable() };
type ThrottleRow = { wait: number; refused: number | null };

/** A budget to give back to, and the seconds of refill that it gets. */
export type Refund = { key: string; seconds: number };

/** Gives back one charge. */
export const refundOf = (keys: Keys, charge: Charge): Refund => ({
  key: throttleKey(keys, charge),
  seconds: charge.budget.refillSeconds,
});

/** Gives back every charge. */
export const fullRefundOf = (keys: Keys, charge: Charge): Refund => ({
  key: throttleKey(keys, charge),
  seconds: charge.budget.refillSeconds * charge.budget.burst,
});

/** SQL that refunds in order. Refund in the order of the charges: the reverse could deadlock. */
export const refundBudgets = (refunds: readonly Refund[]): SQL => sql`throttle_refund(
  ${sql.param(refunds.map(({ key }) => key))}::text[],
  ${sql.param(refunds.map(({ seconds }) => seconds))}::float8[])`;

export type Throttle = {
  /** Charges the budgets; one row, `(wait, refused)`. */
  charge: SQL;
  /** @throws Problem `rate-limited` if a budget was spent */
  requireRoom(row: ThrottleRow): void;
};

/**
 * The budgets that a request charges, in order.
 * @throws Problem `rate-limited` if this instance remembers that one is spent
 */
export function createThrottle(keys: Keys, charges: readonly [Charge, ...Charge[]]): Throttle {
  const remembered = rememberedRefusal(keys, charges);
  if (remembered) throw remembered;
  return {
    charge: chargeBudgets(keys, charges),
    requireRoom: (row) => requireRoom(keys, charges, row),
  };
}

/** @throws Problem `rate-limited` if a budget was spent */
export function requireRoom(
  keys: Keys,
  charges: readonly [Charge, ...Charge[]],
  { wait, refused }: ThrottleRow,
): void {
  if (wait > 0) throw refusalOf(keys, charges[(refused ?? 1) - 1] ?? charges[0], wait);
}

/**
 * The same for a batch that a spent budget rolls back. `undo` runs if it does, or fails.
 * @throws Problem `rate-limited` if this instance remembers that one is spent
 */
export function createCharge(
  keys: Keys,
  charges: readonly [UnitCharge, ...UnitCharge[]],
  undo = () => {},
): database.Charge {
  const remembered = rememberedRefusal(keys, charges);
  if (remembered) {
    undo();
    throw remembered;
  }
  return {
    statement: requireBudgets(keys, charges),
    refusal: ({ wait, refused }) => refusalOf(keys, charges[refused - 1] ?? charges[0], wait),
    undo,
  };
}

/**
 * Call it before costly work that precedes the charge.
 * @throws Problem `rate-limited` if this instance remembers that one of the budgets is spent
 */
export function requireNoRefusal(keys: Keys, charges: readonly Charge[]): void {
  const remembered = rememberedRefusal(keys, charges);
  if (remembered) throw remembered;
}

/** The seconds from having room for one unit until there is room for all units of a charge. */
const secondsForRest = ({ budget, units = 1 }: UnitCharge) => (units - 1) * budget.refillSeconds;

function rememberedRefusal(keys: Keys, charges: readonly UnitCharge[]): Problem | undefined {
  for (const charge of charges) {
    const wait = rememberedRefusals.secondsLeft(throttleKey(keys, charge), secondsForRest(charge));
    if (wait > 0) return rateLimited(charge.budget, wait);
  }
  return undefined;
}

function refusalOf(keys: Keys, charge: UnitCharge, wait: number): Problem {
  // A budget that others can spend may be cleared at any time, for example by a reset.
  if (charge.budget.isOfCaller)
    rememberedRefusals.add(throttleKey(keys, charge), wait - secondsForRest(charge));
  return rateLimited(charge.budget, wait);
}

/** Sets the fields of draft-ietf-httpapi-ratelimit-headers. */
const rateLimited = ({ name, burst, refillSeconds }: Budget, wait: number) =>
  new Problem("rate-limited", {
    detail: `Try again in ${wait} seconds.`,
    headers: {
      "retry-after": String(wait),
      ratelimit: `"${name}";r=0;t=${wait}`,
      "ratelimit-policy": `"${name}";q=${burst};w=${burst * refillSeconds}`,
    },
  });
