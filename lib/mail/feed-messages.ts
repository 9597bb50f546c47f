import type { EmailKind } from "../../db/schema/outbox.js";
import { detailsOf, type Template } from "./template.js";

type FeedKind = Extract<EmailKind, "feed-created">;

export const feedTemplates: Record<FeedKind, Template> = {
  // Without the URL: the mailbox must not become a second place to steal it from.
  "feed-created": (_link, _appUrl, _about, cause) => ({
    subject: "A calendar feed of your tasks was created",
    paragraphs: [
      "Someone who is signed in to your Latchkey account created a calendar feed. Its secret address shows your open tasks without a sign-in, until the feed is revoked or replaced. If this was you, you have nothing to do.",
      ...detailsOf(cause),
    ],
    closing: [],
  }),
};
