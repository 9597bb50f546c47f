import type { SQL } from "drizzle-orm";
import type * as z from "zod";
import type { Allowance, Charge } from "./charge.js";
import type { Role } from "./schema/users.js";

/** One statement, its name in logs, and the schema that its rows must match. */
export type Query<Result> = {
  name: string;
  statement: SQL;
  rowSchema: z.ZodType<Result>;
  /**
   * Statements that run before the main one, in the same transaction, such as a lock. The main one then sees every change
   * that the lock waited for: under READ COMMITTED, each statement takes a new snapshot.
   */
  first?: readonly SQL[];
  /** Runs before all other statements. Only for queries without `Access`, whose allowance creates the charge. */
  charge?: Charge;
  /** The budgets that pay for the query. Only for queries without `Access`, which has its own. */
  allowance?: Allowance;
  /** The units of the write budget that it charges, 1 by default. */
  units?: number;
  /** Set on a statement without side effects: it may be retried. */
  isReadOnly?: true;
};

/** The session that a guarded query runs for, the role it requires, and the budgets that it charges. */
export type Access = { sessionId: string; userId: string; role?: Role; allowance: Allowance };
