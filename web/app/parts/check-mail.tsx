import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../session.js";
import { Button } from "./button.js";
import { Failure } from "./failure.js";
import { Page } from "./page.js";

type Props = {
  email: string;
  children: ComponentChildren;
  send: () => Promise<unknown>;
  onBack: () => void;
};

/** After something that sends a mail: which address, what to do, and how to get it once more. */
export function CheckMail({ email, children, send, onBack }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ sent: boolean; error?: unknown }>({ sent: false });

  async function sendAgain() {
    setBusy(true);
    setOutcome({ sent: false });
    try {
      await send();
      setOutcome({ sent: true });
      announce("Sent again.");
    } catch (error) {
      setOutcome({ sent: false, error });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title="Check your mail" width="narrow">
      <div class="card stack">
        <p>
          We have written to <strong class="breakable">{email}</strong>. {children}
        </p>
        <p class="hint">It can take a minute, and it may lie in the spam folder.</p>
        {outcome.error !== undefined && <Failure error={outcome.error} />}
        {outcome.sent && <p class="notice good">Sent again. Have another look at your mail.</p>}
        <Button isBusy={isBusy} onClick={sendAgain}>
          Send it again
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Use another address
        </Button>
      </div>
    </Page>
  );
}
