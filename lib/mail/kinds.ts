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
};

export const emailTraits: Record<EmailKind, EmailTraits> = {
  "verify-email": { isReserved: false, link: "verify-email" },
  // Strangers can cause any number of these, and the owner can do without.
  "already-registered": { isReserved: false, link: null },
  "reset-password": { isReserved: true, link: "reset-password" },
  "password-changed": { isReserved: true, link: null },
  "password-changed-signed-in": { isReserved: true, link: null },
  "session-reuse": { isReserved: true, link: null },
  "new-device": { isReserved: true, link: null },
  "admin-added": { isReserved: true, link: null },
  promoted: { isReserved: true, link: null },
  demoted: { isReserved: true, link: null },
  banned: { isReserved: true, link: null },
  unbanned: { isReserved: true, link: null },
};

export const kindsWithLink = (purpose: LinkPurpose): EmailKind[] =>
  emailKinds.filter((kind) => emailTraits[kind].link === purpose);
