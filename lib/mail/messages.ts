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

// No email contains the user's name: anyone can sign up with another person's address and put spam in the name.
const templates: Record<EmailKind, Template> = {
  "verify-email": (link) => ({
    subject: "Confirm your email address",
    paragraphs: ["Welcome to Latchkey. Confirm your email address to start using your account."],
    action: { label: "Confirm email address", url: link("verify-email") },
    closing: [
      `This link expires after ${lifetime("verify-email")}. In the browser where you signed up, one click is enough. In any other browser, you also choose a password.`,
      "If you did not sign up, ignore this email. Nobody can use the account unless you confirm your address.",
    ],
  }),
  "already-registered": (_link, appUrl) => ({
    subject: "You already have an account",
    paragraphs: [
      "Someone, perhaps you, tried to sign up with this email address. You already have an account, so nothing has changed.",
      `Sign in at ${appUrl}. If you forgot your password, you can set a new one there.`,
    ],
    closing: ["If this was not you, you can ignore this email."],
  }),
  "reset-password": (link) => ({
    subject: "Set a new password",
    paragraphs: ["We received a request to set a new password for your Latchkey account."],
    action: { label: "Set a new password", url: link("reset-password") },
    closing: [
      `This link works once and expires after ${lifetime("reset-password")}.`,
      "If you did not request this, ignore this email. Your password will not change.",
    ],
  }),
  "password-changed": (_link, appUrl) => ({
    subject: "Your password was changed",
    paragraphs: [
      "The password of your Latchkey account was just changed through a link that we emailed to you. You have been signed out on all devices.",
    ],
    closing: [
      `If this was not you, another person can read your email. Secure your mailbox first, then set a new password at ${appUrl}.`,
    ],
  }),
  "session-reuse": (_link, appUrl) => ({
    subject: "We signed you out as a precaution",
    paragraphs: [
      "One of your sessions used a sign-in token that we had already replaced. Someone may have copied the token, so we ended that session.",
    ],
    closing: [`You can sign in again at ${appUrl}. If this happens again, set a new password.`],
  }),
};

/** Composes the email of an outbox row. Links start with APP_URL, never with a request's Host header. */
export function composeEmail(email: LeasedEmail, env: MessageEnv): RenderedEmail {
  const link = (purpose: LinkPurpose) => {
    if (!email.linkId) throw new Error(`a ${email.kind} email needs a link`);
    return linkUrl(env.APP_URL, purpose, issueLinkToken(keyRing(env.AUTH_SECRET), purpose, email.linkId));
  };
  return renderEmail(templates[email.kind](link, env.APP_URL), env.APP_URL);
}
