import type { EmailKind } from "../../db/schema/outbox.js";
import { closedAccountDays } from "../auth/limits.js";
import { detailsOf, isFromSomewhere, type Template } from "./template.js";

type ClosingKind = Extract<EmailKind, "account-closed" | "account-restored">;

export const closingTemplates: Record<ClosingKind, Template> = {
  "account-closed": (link, _appUrl, _about, cause) => ({
    subject: "Your account is closed",
    paragraphs: [
      `Your Latchkey account is closed, and every device is signed out. ${closedAccountDays} days after the closing, we delete the account and all its tasks. Until then, you can restore it as it was.`,
      // Known only to the email that reports the closing. Later requests for this address cause the email again.
      ...(isFromSomewhere(cause) ? detailsOf(cause) : []),
    ],
    action: { label: "Restore the account", url: link("restore-account") },
    closing: ["If you want to leave, you need not do anything."],
  }),
  "account-restored": (_link, appUrl, _about, cause) => ({
    subject: "Your account is open again",
    paragraphs: [
      "Your Latchkey account was closed, and is open again. Your tasks and your password are as you left them.",
      // An admin's are not shown.
      ...(isFromSomewhere(cause) ? detailsOf(cause) : []),
    ],
    closing: [
      `You can sign in at ${appUrl}. If neither you nor an admin at your request restored the account, another person can read your email: secure your mailbox first.`,
    ],
  }),
};
