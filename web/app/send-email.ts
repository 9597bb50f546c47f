import { latchkey } from "./latchkey.js";
import type { SentEmail } from "./sent-email.js";

/** Requests an email with a link, for the first time or again. @throws ProblemError */
export function sendEmail({ kind, address }: SentEmail): Promise<unknown> {
  const path = kind === "reset" ? "/api/auth/forgot-password" : "/api/auth/resend-verification";
  return latchkey.api.POST(path, { body: { email: address } });
}
