import type { ComponentChildren } from "preact";
import { linkToken } from "../link-token.js";
import { useStore } from "../use-store.js";
import { LinkOutcome } from "./link-outcome.js";
import { PasteLink } from "./paste-link.js";

type Props = {
  /** Completes "You can … only through the link we sent you". */
  purpose: string;
  page: (token: string) => ComponentChildren;
  /** Where to go without the link. */
  children?: ComponentChildren;
};

/** The page of an emailed link. Without the token, it says how to get to the page. */
export function EmailedLink({ purpose, page, children }: Props) {
  const token = useStore(linkToken);
  if (token) return page(token);
  return (
    <LinkOutcome title="Open the link in your email">
      <p>You can {purpose} only through the link we sent you.</p>
      <p>If you reloaded this page, open the link in your email again.</p>
      <PasteLink />
      {children}
    </LinkOutcome>
  );
}
