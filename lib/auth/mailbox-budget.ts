import { emailKey } from "./email-key.js";
import { budgets } from "./limits.js";
import type { Charge } from "./throttle.js";

const gmailDomains = ["gmail.com", "googlemail.com"];

/**
 * The mailbox that an address leads to, for budgets only: without the part after `+`, and for Gmail without dots.
 * Accounts compare addresses by case only, because other providers may give each spelling its own mailbox.
 */
export function mailboxKey(email: string): string {
  const key = emailKey(email);
  const at = key.lastIndexOf("@");
  const local = key.slice(0, at).replace(/(?<!^)\+.*/, "");
  const domain = key.slice(at + 1);
  if (!gmailDomains.includes(domain)) return `${local}@${domain}`;
  return `${local.replaceAll(".", "")}@gmail.com`;
}

export const mailboxCharge = (email: string): Charge => ({
  budget: budgets.emailByMailbox,
  subject: mailboxKey(email),
});
