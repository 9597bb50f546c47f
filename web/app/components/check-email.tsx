import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "./button.js";
import { Failure } from "./failure.js";
import { Page } from "./page.js";

type Props = {
  /** Says where the email went and what to do next. */
  children: ComponentChildren;
  send: () => Promise<unknown>;
  onBack: () => void;
};

type Outcome = { isSent: boolean; error?: unknown };

/** Replaces a form that had an email sent, and offers to send it again. */
export function CheckEmail({ children, send, onBack }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ isSent: false });

  async function sendAgain() {
    setBusy(true);
    setOutcome({ isSent: false });
    try {
      await send();
      setOutcome({ isSent: true });
      announce("Sent again.");
    } catch (error) {
      setOutcome({ isSent: false, error });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title="Check your email" width="narrow">
      <div class="card stack">
        <p>{children}</p>
        <p class="hint">
          The email can take a minute to arrive. If you don’t see it, check your spam folder.
        </p>
        {outcome.error !== undefined && <Failure error={outcome.error} />}
        {outcome.isSent && <p class="notice success">Sent again. Please check your email.</p>}
        <Button isBusy={isBusy} onClick={sendAgain}>
          Send it again
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Use a different email
        </Button>
      </div>
    </Page>
  );
}
