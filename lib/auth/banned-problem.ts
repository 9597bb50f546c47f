import { Problem } from "../problem.js";
import type { Account } from "./queries/sessions.js";

/** Only after the correct password: it says what the admin told the person. */
export const bannedProblem = ({ banReason, bannedUntil }: Account): Problem =>
  new Problem("account-banned", { extensions: { reason: banReason, until: bannedUntil } });
