import type { SQL } from "drizzle-orm";
import type { BudgetRefusal } from "./fault.js";

/** Budgets that a batch charges before its statement runs. A spent one rolls the batch back. */
export type Charge = {
  /** Runs `require_budgets`. */
  statement: SQL;
  /** The error that the caller gets when a budget is spent. */
  refusal(spent: BudgetRefusal): Error;
  /** Called if the query fails. Its batch was probably rolled back, so a later query pays. */
  undo(): void;
};

/** The budgets of one user. */
export type Allowance = {
  /** The charge of a query, if it costs anything now. @throws if a budget is known to be spent */
  chargeFor(query: { isReadOnly?: true; units?: number }): Charge | undefined;
  /** Counts the bytes of a result. A later query pays for them. */
  receive(bytes: number): void;
};
