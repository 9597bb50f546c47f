import { Problem } from "../problem.js";
import type { Account } from "./queries/sessions.js";

/** For someone who has proved the password: it says what the admin told the person. */
export const bannedProblem = ({ banReason, bannedUntil }: Account): Problem =>
  new Problem("account-banned", { extensions: { reason: banReason, until: bannedUntil } });
