import type { LinkPurpose } from "../../db/schema/links.js";
import type { EmailKind } from "../../db/schema/outbox.js";
import { linkSeconds } from "../auth/limits.js";
import { issueLinkToken } from "../auth/link-token.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { type EmailContent, type RenderedEmail, renderEmail } from "./layout.js";
import type { LeasedEmail } from "./queries.js";

type MessageEnv = Pick<Env<"APP_URL" | "AUTH_SECRET">, "APP_URL" | "AUTH_SECRET">;

/** Pages of `web/` that read the token from the fragment, which browsers do not send to servers. */
const pages: Record<LinkPurpose, string> = {
  "verify-email": "/verify-email",
  "reset-password": "/reset-password",
};

export const linkUrl = (appUrl: string, purpose: LinkPurpose, token: string): string =>
  `${appUrl}${pages[purpose]}#token=${encodeURIComponent(token)}`;

const lifetime = (purpose: LinkPurpose) => {
  const hours = linkSeconds[purpose] / 3600;
  return hours === 1 ? "one hour" : `${hours} hours`;
};

type Template = (link: (purpose: LinkPurpose) => string, appUrl: string) => EmailContent;

// Without the name: a stranger can sign up with any address and choose the name we would greet its owner by.
const templates: Record<EmailKind, Template> = {
  "verify-email": (link) => ({
    subject: "Confirm your email address",
    paragraphs: ["Welcome to Latchkey. Confirm your email address to start using your account."],
    action: { label: "Confirm email address", url: link("verify-email") },
    closing: [
      `The link works once, for ${lifetime("verify-email")}.`,
      "If you did not sign up, ignore this email: without your confirmation, nobody can use the account.",
    ],
  }),
  "finish-registration": (link) => ({
    subject: "Choose a password to finish signing up",
    paragraphs: [
      "This email address was used to sign up more than once, and it is not confirmed yet. Choose a password, so that only you know it. This also confirms your email address.",
    ],
    action: { label: "Choose a password", url: link("reset-password") },
    closing: [
      `The link works once, for ${lifetime("reset-password")}. Earlier confirmation links no longer work.`,
      "If you did not sign up, ignore this email: without your confirmation, nobody can use the account.",
    ],
  }),
  "already-registered": (_link, appUrl) => ({
    subject: "You already have an account",
    paragraphs: [
      "Someone, perhaps you, tried to sign up with this email address. It already has an account, so nothing has changed.",
      `Sign in at ${appUrl}. If you forgot your password, you can set a new one there.`,
    ],
    closing: ["If it was not you, you can ignore this email."],
  }),
  "reset-password": (link) => ({
    subject: "Set a new password",
    paragraphs: ["We received a request to set a new password for your Latchkey account."],
    action: { label: "Set a new password", url: link("reset-password") },
    closing: [
      `The link works once, for ${lifetime("reset-password")}.`,
      "If it was not you, ignore this email: your password stays the same.",
    ],
  }),
  "password-changed": (_link, appUrl) => ({
    subject: "Your password was changed",
    paragraphs: [
      "The password of your account was just changed, with a link from an email to this address. Every device has been signed out.",
    ],
    closing: [
      `If it was not you, another person can read your email. Secure your mailbox first, then set a new password at ${appUrl}.`,
    ],
  }),
  "session-reuse": (_link, appUrl) => ({
    subject: "We signed you out as a precaution",
    paragraphs: [
      "One of your sessions was continued with a token that had already been replaced. Someone may have copied it, so we ended this session on every device that used it.",
    ],
    closing: [`You can sign in again at ${appUrl}. If this happens again, set a new password.`],
  }),
};

/** The email of an outbox row. Links start with APP_URL, whatever host the request named. */
export function composeEmail(email: LeasedEmail, env: MessageEnv): RenderedEmail {
  const link = (purpose: LinkPurpose) => {
    if (!email.linkId) throw new Error(`a ${email.kind} email needs a link`);
    return linkUrl(env.APP_URL, purpose, issueLinkToken(keyRing(env.AUTH_SECRET), purpose, email.linkId));
  };
  return renderEmail(templates[email.kind](link, env.APP_URL), env.APP_URL);
}
