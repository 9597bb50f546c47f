import type { EmailKind } from "../../db/schema/outbox.js";
import { emailFreezeSeconds } from "../auth/limits.js";
import { detailsOf, hoursOf, lifetime, type Template } from "./template.js";

type AddressKind = Extract<
  EmailKind,
  "confirm-email" | "email-change-requested" | "email-changed" | "account-secured"
>;

// None names an address: a mailbox that a thief chose must not reveal the owner's, nor the other way around.
export const addressTemplates: Record<AddressKind, Template> = {
  "confirm-email": (link) => ({
    subject: "Confirm your new email address",
    paragraphs: [
      "Someone, perhaps you, asked to use this email address for their Latchkey account. Confirm it to sign in with this address from now on.",
    ],
    action: { label: "Use this address", url: link("change-email") },
    closing: [
      `This link works once and expires after ${lifetime("change-email")}. The previous address gets a notice.`,
      "If you did not request this, ignore this email. Otherwise, another person's account would get your address.",
    ],
  }),
  "email-change-requested": (_link, _appUrl, _about, cause) => ({
    subject: "Someone asked to change your email address",
    paragraphs: [
      "Someone who is signed in to your Latchkey account asked to replace this email address with another one. Nothing has changed yet: the new address has to be confirmed first. If this was you, there is nothing to do here.",
      ...detailsOf(cause),
    ],
    closing: [],
  }),
  "email-changed": (_link, appUrl, _about, cause) => ({
    subject: "Your email address was changed",
    paragraphs: [
      `The email address of your Latchkey account was just changed. From now on, you sign in at ${appUrl} with the new address, and our emails go there. We sent this notice to the previous and the new address.`,
      ...detailsOf(cause),
    ],
    closing: [],
  }),
  "account-secured": (link) => ({
    subject: "Choose a new password for your account",
    paragraphs: [
      "Someone, hopefully you, chose “This wasn't me” in an email about your Latchkey account. To keep an intruder out, we signed out every device, and your password no longer works. If the email address was changed in the last three days, we undid that.",
    ],
    action: { label: "Choose a new password", url: link("reset-password") },
    closing: [
      `This link works once and expires after ${lifetime("reset-password")}. You can request another one with “Forgot your password?”.`,
      `The email address of the account stays as it is for ${hoursOf(emailFreezeSeconds)}. Your data is unchanged.`,
    ],
  }),
};
