import type { EmailKind } from "../../db/schema/outbox.js";
import { detailsOf, type Template } from "./template.js";

type FeedKind = Extract<EmailKind, "feed-created">;

export const feedTemplates: Record<FeedKind, Template> = {
  // Does not contain the URL, so that it cannot be stolen from the mailbox.
  "feed-created": (_link, _appUrl, _about, cause) => ({
    subject: "A calendar feed of your tasks was created",
    paragraphs: [
      "Someone who is signed in to your Latchkey account created a calendar feed. Anyone with its secret address can see your open tasks without signing in, until the feed is revoked or replaced. If this was you, you do not need to do anything.",
      ...detailsOf(cause),
    ],
    closing: [],
  }),
};
