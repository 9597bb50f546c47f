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

/** The request that caused the email. */
type Cause = Pick<LeasedEmail, "createdAt" | "device" | "place">;

/** `about`: the address of another account, if the email is about one that still exists. */
type Template = (
  link: (purpose: LinkPurpose) => string,
  appUrl: string,
  about: string | null,
  cause: Cause,
) => EmailContent;

const timeFormat = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "long",
  timeStyle: "short",
  timeZone: "UTC",
});

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
  "password-changed-signed-in": (_link, appUrl) => ({
    subject: "Your password was changed",
    paragraphs: [
      "The password of your Latchkey account was just changed by someone who was signed in and knew the previous one. Every other device has been signed out.",
    ],
    closing: [
      `If this was not you, choose “Forgot your password?” at ${appUrl} and set a new one. That signs out every device, including theirs.`,
    ],
  }),
  "session-reuse": (_link, appUrl) => ({
    subject: "We signed you out as a precaution",
    paragraphs: [
      "One of your sessions used a sign-in token that we had already replaced. Someone may have copied the token, so we ended that session.",
    ],
    closing: [`You can sign in again at ${appUrl}. If this happens again, set a new password.`],
  }),
  "new-device": (_link, appUrl, _about, { createdAt, device, place }) => ({
    subject: "New sign-in to your account",
    paragraphs: [
      "Someone signed in to your Latchkey account with your password, in a browser that we do not recognise. If this was you, you can ignore this email.",
      `Time: ${timeFormat.format(new Date(createdAt))} UTC`,
      `Device: ${device ?? "not known"}`,
      `Place: ${place ?? "not known"}`,
    ],
    closing: [
      `If this was not you, someone knows your password. Set a new one now: open ${appUrl}/forgot-password and request a link. It also signs out every device.`,
    ],
  }),
  "admin-added": (_link, appUrl, about) => ({
    subject: "Someone became an admin",
    paragraphs: [
      about === null
        ? "Another account became an admin of Latchkey. It has been deleted since."
        : `The account of ${about} is now an admin of Latchkey.`,
      "Admins see all users. They can ban and delete accounts, and make other people admins.",
    ],
    closing: [
      `If you did not expect this, see who did it at ${appUrl}/activity, and remove the admin role. Then tell the other admins: someone may have taken over an admin's account.`,
    ],
  }),
  promoted: (_link, appUrl) => ({
    subject: "You are now an admin",
    paragraphs: [
      "Your Latchkey account is now an admin. You can see all users, ban and delete accounts, and make other people admins.",
    ],
    closing: [
      `You find the users at ${appUrl}/users. If you did not expect this, tell another admin before you use the role.`,
    ],
  }),
  demoted: (_link, appUrl) => ({
    subject: "You are no longer an admin",
    paragraphs: [
      "An admin removed the admin role from your Latchkey account. You can still sign in, and your tasks have not changed.",
    ],
    closing: [
      `If you did not expect this, ask another admin. If nobody removed it, someone may be using an admin's account: set a new password at ${appUrl}.`,
    ],
  }),
  banned: (_link, appUrl) => ({
    subject: "Your account was banned",
    paragraphs: [
      "An admin banned your Latchkey account. You have been signed out on all devices, and you cannot sign in until an admin lifts the ban. Your tasks have not been deleted.",
    ],
    closing: [`If you think that this is a mistake, contact the people who run ${appUrl}.`],
  }),
  unbanned: (_link, appUrl) => ({
    subject: "Your account is no longer banned",
    paragraphs: ["An admin lifted the ban on your Latchkey account. Your tasks are as you left them."],
    closing: [`You can sign in again at ${appUrl}.`],
  }),
};

/** Composes the email of an outbox row. Links start with APP_URL, never with a request's Host header. */
export function composeEmail(email: LeasedEmail, env: MessageEnv): RenderedEmail {
  const link = (purpose: LinkPurpose) => {
    if (!email.linkId) throw new Error(`a ${email.kind} email needs a link`);
    return linkUrl(env.APP_URL, purpose, issueLinkToken(keyRing(env.AUTH_SECRET), purpose, email.linkId));
  };
  return renderEmail(templates[email.kind](link, env.APP_URL, email.about, email), env.APP_URL);
}
