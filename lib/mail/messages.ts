import type { LinkPurpose } from "../../db/schema/links.js";
import type { EmailKind } from "../../db/schema/outbox.js";
import { notMeSeconds } from "../auth/limits.js";
import { issueLinkToken, type TokenPurpose } from "../auth/link-token.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { addressTemplates } from "./address-messages.js";
import { adminTemplates } from "./admin-messages.js";
import { closingTemplates } from "./closing-messages.js";
import { feedTemplates } from "./feed-messages.js";
import { emailTraits } from "./kinds.js";
import { type EmailContent, type RenderedEmail, renderEmail } from "./layout.js";
import type { LeasedEmail } from "./queries.js";
import { detailsOf, hoursOf, lifetime, type Template } from "./template.js";

type MessageEnv = Pick<Env<"APP_URL" | "AUTH_SECRET">, "APP_URL" | "AUTH_SECRET">;

/** Pages of `web/` that read the token from the fragment, which browsers do not send to servers. */
const pages: Record<TokenPurpose, string> = {
  "verify-email": "/verify-email",
  "reset-password": "/reset-password",
  "restore-account": "/restore",
  "change-email": "/confirm-email",
  "not-me": "/not-me",
};

export const linkUrl = (appUrl: string, purpose: TokenPurpose, token: string): string =>
  `${appUrl}${pages[purpose]}#token=${encodeURIComponent(token)}`;

// No email contains a user's name: anyone can sign up with another person's address and put spam in the name. An
// address is confirmed, and only admins get that of another account.
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
      "Someone, perhaps you, tried to use this email address for a Latchkey account. It already belongs to one, so nothing has changed.",
      `Sign in at ${appUrl}. If you forgot your password, you can set a new one there.`,
    ],
    closing: [
      "If this was not you, you can ignore this email. After an account has changed its address, the previous one is reserved for it for three days.",
    ],
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
  "password-changed": (_link, _appUrl, _about, cause) => ({
    subject: "Your password was changed",
    paragraphs: [
      "The password of your Latchkey account was just changed through a link that we emailed to you. You have been signed out on all devices.",
      ...detailsOf(cause),
    ],
    closing: ["If this was not you, another person can read your email. Secure your mailbox first."],
  }),
  "password-changed-signed-in": (_link, _appUrl, _about, cause) => ({
    subject: "Your password was changed",
    paragraphs: [
      "The password of your Latchkey account was just changed by someone who was signed in and knew the previous one. Every other device has been signed out.",
      ...detailsOf(cause),
    ],
    closing: [],
  }),
  "session-reuse": (_link, appUrl, _about, cause) => ({
    subject: "We signed you out as a precaution",
    paragraphs: [
      "One of your sessions used a sign-in token that we had already replaced. Someone may have copied the token, so we ended that session.",
      ...detailsOf(cause),
    ],
    closing: [`You can sign in again at ${appUrl}. If this happens again, set a new password.`],
  }),
  "new-device": (_link, _appUrl, _about, cause) => ({
    subject: "New sign-in to your account",
    paragraphs: [
      "Someone signed in to your Latchkey account with your password, in a browser that we do not recognise. If this was you, you can ignore this email.",
      ...detailsOf(cause),
    ],
    closing: ["If this was not you, someone knows your password."],
  }),
  ...addressTemplates,
  ...adminTemplates,
  ...closingTemplates,
  ...feedTemplates,
};

const notMeOf = (url: string): EmailContent["notMe"] => ({
  advice: `If an intruder did this, open the link below within ${hoursOf(notMeSeconds)}. The page there signs out every device, reopens the account if it was closed, undoes a change of your email address, and sends you a link for a new password.`,
  label: "This wasn't me",
  url,
});

/** Composes the email of an outbox row. Links start with APP_URL, never with a request's Host header. */
export function composeEmail(email: LeasedEmail, env: MessageEnv): RenderedEmail {
  const urlOf = (purpose: TokenPurpose, id: string) =>
    linkUrl(env.APP_URL, purpose, issueLinkToken(keyRing(env.AUTH_SECRET), purpose, id));
  const link = (purpose: LinkPurpose) => {
    if (!email.linkId) throw new Error(`a ${email.kind} email needs a link`);
    return urlOf(purpose, email.linkId);
  };
  const content = templates[email.kind](link, env.APP_URL, email.about, email);
  const notMe = emailTraits[email.kind].hasNotMe ? notMeOf(urlOf("not-me", email.id)) : undefined;
  return renderEmail(notMe ? { ...content, notMe } : content, env.APP_URL);
}
