import { type KeyRing, keyRing } from "../auth/keys.js";
import { type LinkPurpose, linkSeconds } from "../auth/limits.js";
import { issueLinkToken } from "../auth/link-token.js";
import { type Letter, layOut, type Message } from "./layout.js";
import type { LeasedMail, MailKind } from "./queries.js";

type MailEnv = { APP_URL: string; AUTH_SECRET: readonly string[] };

/** Pages of `web/` that read the token from the fragment, which no server and no scanner's request sees. */
const pages: Record<LinkPurpose, string> = {
  "verify-email": "/verify-email",
  "reset-password": "/reset-password",
};

export const linkUrl = (appUrl: string, purpose: LinkPurpose, token: string): string =>
  `${appUrl}${pages[purpose]}#token=${encodeURIComponent(token)}`;

const hours = (purpose: LinkPurpose) => {
  const count = linkSeconds[purpose] / 3600;
  return count === 1 ? "one hour" : `${count} hours`;
};

type Words = (link: (purpose: LinkPurpose) => string, appUrl: string) => Letter;

// No name: whoever registers an address chooses it, and would be writing to a stranger in our voice.
const letters: Record<MailKind, Words> = {
  "verify-email": (link) => ({
    subject: "Confirm your e-mail address",
    paragraphs: [
      "Somebody, hopefully you, has registered an account with this address. Confirm it to log in.",
    ],
    action: { label: "Confirm the address", url: link("verify-email") },
    closing: [
      `The link works once, for ${hours("verify-email")}.`,
      "If it was not you, do nothing: nobody can use the account.",
    ],
  }),
  "finish-registration": (link) => ({
    subject: "Choose a password to finish",
    paragraphs: [
      "This address was registered more than once, and nobody has confirmed it yet. Choose the password of the account here, so that nobody but you knows it. That confirms the address, too.",
    ],
    action: { label: "Choose a password", url: link("reset-password") },
    closing: [
      `The link works once, for ${hours("reset-password")}. Earlier links that confirm the address no longer work.`,
      "If it was not you, do nothing: nobody can use the account.",
    ],
  }),
  "already-registered": (_link, appUrl) => ({
    subject: "You already have an account",
    paragraphs: [
      "Somebody, perhaps you, tried to register with this address. It has an account already, so nothing was changed.",
      `Log in at ${appUrl}. If you have forgotten the password, ask there for a new one.`,
    ],
    closing: ["If it was not you, there is nothing to do."],
  }),
  "reset-password": (link) => ({
    subject: "Set a new password",
    paragraphs: ["Somebody, hopefully you, asked for a new password for the account with this address."],
    action: { label: "Set a new password", url: link("reset-password") },
    closing: [
      `The link works once, for ${hours("reset-password")}.`,
      "If it was not you, do nothing: the password stays as it is.",
    ],
  }),
  "password-changed": (_link, appUrl) => ({
    subject: "Your password was changed",
    paragraphs: [
      "The password of your account was just set anew through a link in a mail to this address. Every device was logged out.",
    ],
    closing: [
      `If it was not you, somebody reads your mail. Secure the mailbox first, then set a new password at ${appUrl}.`,
    ],
  }),
  "session-reuse": (_link, appUrl) => ({
    subject: "We have ended a login of yours",
    paragraphs: [
      "A login of yours was continued with a token that had been replaced already. That can mean that somebody has copied it, so this login was ended on every device that shared it.",
    ],
    closing: [`Log in again at ${appUrl}. If it happens again, set a new password.`],
  }),
};

/** The mail of an outbox row. Links are built from APP_URL and nothing else. */
export function composeMail(mail: LeasedMail, env: MailEnv): Message {
  const ring: KeyRing = keyRing(env.AUTH_SECRET);
  const link = (purpose: LinkPurpose) => {
    if (!mail.linkId) throw new Error(`a ${mail.kind} mail needs a link`);
    return linkUrl(env.APP_URL, purpose, issueLinkToken(ring, purpose, mail.linkId));
  };
  return layOut(letters[mail.kind](link, env.APP_URL), env.APP_URL);
}
