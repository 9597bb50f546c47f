import { NeonDbError } from "@neondatabase/serverless";

/** Raised by `require_session` in the database: the caller may not do this (any more). */
export class GuardRefusal extends Error {
  readonly reason: "session-ended" | "account-banned" | "forbidden";
  constructor(reason: GuardRefusal["reason"]) {
    super(reason);
    this.name = "GuardRefusal";
    this.reason = reason;
  }
}

/** The database did not do its work. Carries no SQL, no parameter and no address. */
export class DatabaseFault extends Error {
  readonly kind: "unreachable" | "timeout" | "failed" | "nonsense" | "busy";
  readonly query: string;
  readonly sqlState: string | undefined;
  constructor(kind: DatabaseFault["kind"], query: string, sqlState?: string) {
    super(`${query}: ${kind}${sqlState ? ` ${sqlState}` : ""}`);
    this.name = "DatabaseFault";
    this.kind = kind;
    this.query = query;
    this.sqlState = sqlState;
  }
}

const guardStates: Record<string, GuardRefusal["reason"]> = {
  LK001: "session-ended",
  LK002: "account-banned",
  LK003: "forbidden",
};

// The statement was rolled back or never ran: serialization failure, deadlock, no connection free, starting up.
const ranNothing = new Set(["40001", "40P01", "53300", "57P03"]);

/** Turns whatever the driver threw into one of the two above, without its message, which may quote values. */
export function classify(error: unknown, query: string): GuardRefusal | DatabaseFault {
  if (!(error instanceof NeonDbError)) return new DatabaseFault("nonsense", query);
  const guard = error.code ? guardStates[error.code] : undefined;
  if (guard) return new GuardRefusal(guard);
  if (error.code) return new DatabaseFault("failed", query, error.code);
  const source = error.sourceError;
  if (!source) return new DatabaseFault("failed", query);
  return new DatabaseFault(source.name === "TimeoutError" ? "timeout" : "unreachable", query);
}

/** Whether trying again cannot do anything twice. A read may be repeated whenever there is time left. */
export function mayRetry(fault: DatabaseFault, reads: boolean): boolean {
  if (fault.kind === "timeout" || fault.kind === "busy") return false;
  return reads || (fault.sqlState !== undefined && ranNothing.has(fault.sqlState));
}
