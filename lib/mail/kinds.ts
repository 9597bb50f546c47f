import type { LinkPurpose } from "../../db/schema/links.js";
import { type EmailKind, emailKinds } from "../../db/schema/outbox.js";

type EmailTraits = {
  /**
   * Whether it may use the reserved share of the budgets: emails without which the owner of an account stays locked
   * out, or unaware of an attack.
   */
  isReserved: boolean;
  /** The purpose of its link. An email whose link is used or void is not sent. */
  link: LinkPurpose | null;
  /** Whether it has the link “This wasn't me”: a notice about an account that an intruder could cause. */
  hasNotMe?: true;
};

export const emailTraits: Record<EmailKind, EmailTraits> = {
  "verify-email": { isReserved: false, link: "verify-email" },
  // Strangers can cause any number of these, and the owner can do without.
  "already-registered": { isReserved: false, link: null },
  "reset-password": { isReserved: true, link: "reset-password" },
  "password-changed": { isReserved: true, link: null, hasNotMe: true },
  "password-changed-signed-in": { isReserved: true, link: null, hasNotMe: true },
  "session-reuse": { isReserved: true, link: null, hasNotMe: true },
  "new-device": { isReserved: true, link: null, hasNotMe: true },
  "confirm-email": { isReserved: false, link: "change-email" },
  "email-change-requested": { isReserved: true, link: null, hasNotMe: true },
  "email-changed": { isReserved: true, link: null, hasNotMe: true },
  "account-secured": { isReserved: true, link: "reset-password" },
  "admin-added": { isReserved: true, link: null },
  promoted: { isReserved: true, link: null, hasNotMe: true },
  demoted: { isReserved: true, link: null, hasNotMe: true },
  banned: { isReserved: true, link: null },
  unbanned: { isReserved: true, link: null },
  "ban-changed": { isReserved: true, link: null },
  "sessions-ended-by-admin": { isReserved: true, link: null },
  "account-closed": { isReserved: true, link: "restore-account", hasNotMe: true },
  "account-restored": { isReserved: true, link: null, hasNotMe: true },
  "feed-created": { isReserved: true, link: null, hasNotMe: true },
};

export const kindsWithLink = (purpose: LinkPurpose): EmailKind[] =>
  emailKinds.filter((kind) => emailTraits[kind].link === purpose);

export const kindsWithNotMe: EmailKind[] = emailKinds.filter((kind) => emailTraits[kind].hasNotMe);
