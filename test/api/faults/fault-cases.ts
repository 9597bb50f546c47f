import type { FaultRule } from "@latchkey/local-neon";
import type { DatabaseFault } from "../../../db/fault.js";

/**
 * Part of the first of the two statements of POST /api/auth/login, /step-up and /change-password, and of
 * POST /api/admin/users/{id}/password-reset.
 */
export const accountLookup = '(?:left join users on budget.wait|as "isClosed" from users)';
/** Part of the statement that starts a session after a password was verified. */
export const sessionStart = "rehashed_user as";

/** A fault of the local Neon endpoint, and how the request's log line reports it. */
export type FaultCase = {
  title: string;
  fault: FaultRule["fault"];
  logged: { kind: DatabaseFault["kind"]; sqlstate?: string };
  /** Whether writes are retried too: the statement certainly did not run, or was rolled back. */
  isRetryable: boolean;
};

const wireFault = (
  kind: Exclude<FaultRule["fault"]["kind"], "sql" | "slow">,
  logged: DatabaseFault["kind"],
): FaultCase => ({ title: kind, fault: { kind }, logged: { kind: logged }, isRetryable: false });

const sqlError = (code: string, isRetryable: boolean): FaultCase => ({
  title: `SQLSTATE ${code}`,
  fault: { kind: "sql", code, message: "canary of the database", constraint: "c" },
  logged: { kind: "failed", sqlstate: code },
  isRetryable,
});

/** Serialization failure, deadlock, too many connections, server starting up. */
export const retryableErrors = ["40001", "40P01", "53300", "57P03"].map((code) => sqlError(code, true));

/** No statement runs. deadline.test.ts covers the faults that hang, because they are slow. */
export const faultsBeforeExecution = [
  wireFault("refuse", "unreachable"),
  wireFault("500", "failed"),
  wireFault("507", "failed"),
  wireFault("garbage", "unexpected-result"),
  ...retryableErrors,
  ...["23505", "57014", "42501"].map((code) => sqlError(code, false)),
];

/** Every statement runs and commits, but the function does not receive the response. */
export const faultsAfterCommit = [
  wireFault("lost", "unreachable"),
  wireFault("reset", "unreachable"),
  wireFault("truncated", "unexpected-result"),
];
