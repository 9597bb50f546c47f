import { NeonDbError } from "@neondatabase/serverless";

/** `require_session` refused the caller: the session has ended, the account is banned, or the role is missing. */
export class GuardRefusal extends Error {
  readonly reason: "session-ended" | "account-banned" | "forbidden";
  constructor(reason: GuardRefusal["reason"]) {
    super(reason);
    this.name = "GuardRefusal";
    this.reason = reason;
  }
}

/** `require_budgets` refused the charge. `refused`: the 1-based position of the spent budget. */
export class BudgetRefusal extends Error {
  readonly wait: number;
  readonly refused: number;
  constructor(wait: number, refused: number) {
    super("budget spent");
    this.name = "BudgetRefusal";
    this.wait = wait;
    this.refused = refused;
  }
}

/** `require_operation` refused an operation of a batch. `member`: the refused member, if a single one is the reason. */
export class OperationRefusal extends Error {
  readonly index: number;
  readonly outcome: string;
  readonly member: string | undefined;
  constructor(index: number, outcome: string, member: string | undefined) {
    super("operation refused");
    this.name = "OperationRefusal";
    this.index = index;
    this.outcome = outcome;
    this.member = member;
  }
}

/** The database failed to serve a query. Carries no SQL, no parameter, no value and no address. */
export class DatabaseFault extends Error {
  /**
   * `unreachable`: no connection. `timeout`: no response before the deadline. `failed`: Postgres raised an error.
   * `unexpected-result`: rows of an unexpected shape or number. `overloaded`: rejected by this instance's queue.
   */
  readonly kind: "unreachable" | "timeout" | "failed" | "unexpected-result" | "overloaded";
  readonly query: string;
  readonly sqlState: string | undefined;
  /** Where a result differs from its schema, such as `completedAt: invalid_type`. */
  readonly at: string | undefined;
  constructor(kind: DatabaseFault["kind"], query: string, { sqlState, at }: FaultDetails = {}) {
    super([`${query}: ${kind}`, sqlState, at && `(${at})`].filter(Boolean).join(" "));
    this.name = "DatabaseFault";
    this.kind = kind;
    this.query = query;
    this.sqlState = sqlState;
    this.at = at;
  }
}

/** The part of an error that may be logged: the message of a DatabaseFault names only the query, others could quote a value. */
export const faultName = (error: unknown): string =>
  error instanceof DatabaseFault ? error.message : error instanceof Error ? error.name : "unknown";

type FaultDetails = { sqlState?: string | undefined; at?: string | undefined };

/** SQLSTATE of a missing table: the migrations have not run. */
export const undefinedTable = "42P01";

export const isMissingTable = (error: unknown): boolean =>
  error instanceof DatabaseFault && error.sqlState === undefinedTable;

const guardStates: Record<string, GuardRefusal["reason"]> = {
  LK001: "session-ended",
  LK002: "account-banned",
  LK003: "forbidden",
};

const budgetSpent = "LK004";

function toBudgetRefusal(detail: string | undefined): BudgetRefusal | undefined {
  const [isMatch, wait, refused] = /^(\d+) (\d+)$/.exec(detail ?? "") ?? [];
  return isMatch ? new BudgetRefusal(Number(wait), Number(refused)) : undefined;
}

const operationRefused = "LK005";

function toOperationRefusal(detail: string | undefined): OperationRefusal | undefined {
  const [isMatch, index, outcome = "", member] =
    /^(\d+) ([a-z-]+)(?: ([A-Za-z]+))?$/.exec(detail ?? "") ?? [];
  return isMatch ? new OperationRefusal(Number(index), outcome, member) : undefined;
}

type Refusal = GuardRefusal | BudgetRefusal | OperationRefusal;

/** Maps an error of the driver. Drops its message, which may quote values. */
export function toFault(error: unknown, query: string): Refusal | DatabaseFault {
  if (!(error instanceof NeonDbError)) return new DatabaseFault("unexpected-result", query);
  const refusal = error.code ? guardStates[error.code] : undefined;
  if (refusal) return new GuardRefusal(refusal);
  const spent = error.code === budgetSpent ? toBudgetRefusal(error.detail) : undefined;
  if (spent) return spent;
  const refused = error.code === operationRefused ? toOperationRefusal(error.detail) : undefined;
  if (refused) return refused;
  if (error.code) return new DatabaseFault("failed", query, { sqlState: error.code });
  const source = error.sourceError;
  if (!source) return new DatabaseFault("failed", query);
  return new DatabaseFault(source.name === "TimeoutError" ? "timeout" : "unreachable", query);
}

/** States after which nothing was committed: serialization failure, deadlock, no free connection, starting up. */
const rolledBack = new Set(["40001", "40P01", "53300", "57P03"]);

/** Whether a retry is safe, because it cannot apply a change twice. After a timeout, no time is left for one. */
export function isRetryable(fault: DatabaseFault, isReadOnly: boolean): boolean {
  if (fault.kind === "timeout" || fault.kind === "overloaded") return false;
  return isReadOnly || (fault.sqlState !== undefined && rolledBack.has(fault.sqlState));
}
