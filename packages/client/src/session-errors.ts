import { ProblemError } from "./problem-error.js";

/** True if the session is over and no further request can bring it back. */
export const isSessionOver = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.status === 401 || error.code === "account-banned");

export const isBanned = (problem: ProblemError | undefined): problem is ProblemError =>
  problem?.code === "account-banned";

export const createSessionEndedError = (): ProblemError =>
  new ProblemError("session-ended", { status: 401, title: "The session has ended" });
