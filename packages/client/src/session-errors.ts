import { ProblemError } from "./problem-error.js";

/** Whether the server refused the token or the cookie. The session is over only if it refused the cookie. */
export const isAuthRefusal = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.status === 401 || error.code === "account-banned");

export const isBanned = (problem: ProblemError | undefined): problem is ProblemError =>
  problem?.code === "account-banned";

export const needsStepUp = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.code === "step-up-required";

export const createSessionEndedError = (): ProblemError =>
  new ProblemError("session-ended", { status: 401, title: "The session has ended" });
