import type { EmailKind } from "../../db/schema/outbox.js";
import { banTerms, type Template, timeOf } from "./template.js";

type AdminKind = Extract<
  EmailKind,
  "admin-added" | "promoted" | "demoted" | "banned" | "ban-changed" | "unbanned" | "sessions-ended-by-admin"
>;

/** Notices of changes that an admin makes. */
export const adminTemplates: Record<AdminKind, Template> = {
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
  promoted: (_link, appUrl, _about, cause) => ({
    subject: "You are now an admin",
    paragraphs: [
      "Your Latchkey account is now an admin. You can see all users, ban and delete accounts, and make other people admins.",
      timeOf(cause),
    ],
    closing: [
      `You find the users at ${appUrl}/users. If you did not expect this, tell another admin before you use the role.`,
    ],
  }),
  demoted: (_link, appUrl, _about, cause) => ({
    subject: "You are no longer an admin",
    paragraphs: [
      "An admin removed the admin role from your Latchkey account. You can still sign in, and your tasks have not changed.",
      timeOf(cause),
    ],
    closing: [
      `If you did not expect this, ask another admin. If nobody removed it, someone may be using an admin's account: set a new password at ${appUrl}.`,
    ],
  }),
  banned: (_link, appUrl, _about, terms) => ({
    subject: "Your account was banned",
    paragraphs: [
      "An admin banned your Latchkey account. You have been signed out on all devices, and you cannot sign in until the ban ends. Your tasks have not been deleted.",
      ...banTerms(terms),
    ],
    closing: [`If you think that this is a mistake, contact the people who run ${appUrl}.`],
  }),
  "ban-changed": (_link, appUrl, _about, terms) => ({
    subject: "The ban on your account has changed",
    paragraphs: [
      "An admin changed the reason or the end of the ban on your Latchkey account. You cannot sign in until the ban ends.",
      ...banTerms(terms),
    ],
    closing: [`If you think that this is a mistake, contact the people who run ${appUrl}.`],
  }),
  unbanned: (_link, appUrl) => ({
    subject: "Your account is no longer banned",
    paragraphs: ["The ban on your Latchkey account has ended. Your tasks are as you left them."],
    closing: [`You can sign in again at ${appUrl}.`],
  }),
  "sessions-ended-by-admin": (_link, appUrl) => ({
    subject: "An admin signed you out",
    paragraphs: ["An admin signed your Latchkey account out on all devices. Your password has not changed."],
    closing: [
      `You can sign in again at ${appUrl}. If you do not know why this happened, ask the people who run it.`,
    ],
  }),
};
