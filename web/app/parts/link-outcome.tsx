import { ProblemError } from "@latchkey/client";
import type { ComponentChildren } from "preact";
import { CheckIcon } from "./icons.js";
import { Page } from "./page.js";

/** Whether a mailed link is the reason: used, expired, or never one of ours. */
export const isBadLink = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.code === "invalid-link" || error.messageAt("/token") !== undefined);

type Props = { title: string; children: ComponentChildren; isGood?: boolean; error?: ProblemError };

/** Where a mailed link has led. */
export function LinkOutcome({ title, children, isGood = false, error }: Props) {
  return (
    <Page title={title} width="narrow">
      <div class="card stack">
        {isGood && <CheckIcon />}
        {children}
        {error?.requestId && (
          <p class="fine">
            Request id <code>{error.requestId}</code>
          </p>
        )}
      </div>
    </Page>
  );
}
