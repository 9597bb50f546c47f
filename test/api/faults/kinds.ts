import type { FaultRule } from "../../../dev/neon/faults.js";

/** A fault, and what the line of a request tells of it. */
export type FaultCase = {
  title: string;
  fault: FaultRule["fault"];
  logged: { kind: string; sqlstate?: string };
  /** The statement did not run or was rolled back for sure, and may be tried again whatever it is. */
  isTriedAgain: boolean;
};

const plain = (
  kind: Exclude<FaultRule["fault"]["kind"], "sql" | "slow">,
  logged: "unreachable" | "timeout" | "failed" | "nonsense",
): FaultCase => ({ title: kind, fault: { kind }, logged: { kind: logged }, isTriedAgain: false });

const sqlState = (code: string, isTriedAgain: boolean): FaultCase => ({
  title: `SQL state ${code}`,
  fault: { kind: "sql", code, message: "canary of the database", constraint: "c" },
  logged: { kind: "failed", sqlstate: code },
  isTriedAgain,
});

/** Serialization failure, deadlock, no connection free, starting up. */
export const triedAgain = ["40001", "40P01", "53300", "57P03"].map((code) => sqlState(code, true));

/** Nothing runs. Those that hang are tested apart, for they take their time. */
export const runsNothing = [
  plain("refuse", "unreachable"),
  plain("500", "failed"),
  plain("507", "failed"),
  plain("garbage", "nonsense"),
  ...triedAgain,
  ...["23505", "57014", "42501"].map((code) => sqlState(code, false)),
];

/** Everything runs and is committed, and the caller of the database does not hear of it. */
export const runsUnheard = [
  plain("lost", "unreachable"),
  plain("reset", "unreachable"),
  plain("truncated", "nonsense"),
];
