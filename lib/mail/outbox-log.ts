import { writeLine } from "../log.js";
import type { EmailWindow } from "./email-windows.js";
import type { Admission } from "./queries/admission.js";
import type { LeasedEmail } from "./queries.js";

type Verdict = Admission["decisions"][number]["verdict"];
type Outcome = keyof typeof levels;

const levels = {
  sent: "info",
  waiting: "info",
  void: "info",
  // Strangers can cause it at will, and the operator has nothing to repair.
  suppressed: "warn",
  failed: "warn",
  dead: "error",
} as const;

/** The line about what happened to one email. `error` is a code. */
export function logEmail(
  email: LeasedEmail,
  requestId: string,
  fields: { outcome: Outcome; error?: string | undefined; duration_ms?: number },
): void {
  writeLine(levels[fields.outcome], "email", {
    request_id: requestId,
    email_id: email.id,
    kind: email.kind,
    attempt: email.attempts,
    ...fields,
  });
}

/** An email that had died when it was leased. */
export const logDead = (email: LeasedEmail, requestId: string): void =>
  logEmail(email, requestId, { outcome: "dead" });

/** Reports an email that is not sent. Without a verdict, its row is gone or settled, so there is nothing to say. */
export function logVerdict(email: LeasedEmail, verdict: Verdict | undefined, requestId: string): void {
  if (verdict === "wait") logEmail(email, requestId, { outcome: "waiting" });
  if (verdict === "void") logEmail(email, requestId, { outcome: "void" });
  if (verdict === "suppressed") logEmail(email, requestId, { outcome: "suppressed" });
}

/** `share`: `open` for the emails that must leave the reserve free, `reserved` if nothing is left for any email. */
export function logSpentWindow({ window, isReserved, allowed }: EmailWindow, requestId: string): void {
  const share = isReserved ? "reserved" : "open";
  writeLine("error", "email-budget", { request_id: requestId, window, share, limit: allowed });
}

export function logSpentQuota(error: string, requestId: string): void {
  writeLine("error", "email-quota", { request_id: requestId, error });
}
