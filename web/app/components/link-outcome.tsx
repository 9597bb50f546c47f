import { ProblemError } from "@latchkey/client";
import type { ComponentChildren } from "preact";
import { CheckIcon } from "./icons.js";
import { Page } from "./page.js";

/** Whether the emailed link is invalid: it was used, has expired, or was never issued. */
export const isInvalidLink = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.code === "invalid-link" || error.messageAt("/token") !== undefined);

type Props = { title: string; children: ComponentChildren; isGood?: boolean; error?: ProblemError };

/** The result of following an emailed link. */
export function LinkOutcome({ title, children, isGood = false, error }: Props) {
  return (
    <Page title={title} width="narrow">
      <div class="card stack">
        {isGood && <CheckIcon />}
        {children}
        {error?.requestId && (
          <p class="fine-print">
            Request ID <code>{error.requestId}</code>
          </p>
        )}
      </div>
    </Page>
  );
}
