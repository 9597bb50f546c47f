import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { isCancelled } from "../step-up/prompt.js";
import { kindName } from "./kind-names.js";
import type { OutboxEmail } from "./outbox-row.js";

type Props = { email: OutboxEmail; drop: (email: OutboxEmail) => Promise<void>; onClose: () => void };

/** Asks before an email goes for good. */
export function DropDialog({ email, drop, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const id = useId();
  // The browser keeps the focus inside, and returns it to the button when the dialog closes.
  useEffect(() => dialog.current?.showModal(), []);

  async function confirm(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      await drop(email);
      dialog.current?.close();
    } catch (error) {
      if (!isCancelled(error)) setFailure(error);
    }
    setBusy(false);
  }

  return (
    <dialog
      ref={dialog}
      class="card"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
    >
      <div class="stack">
        <h2 id={`${id}-title`}>Drop this email?</h2>
        <p id={`${id}-text`} class="break-anywhere">
          “{kindName(email.kind)}” to <bdi>{email.recipient}</bdi> will never be sent. If an attempt is
          running at this moment, it may still arrive.
        </p>
        {failure !== undefined && <Failure error={failure} />}
        <Button kind="danger" isBusy={isBusy} onClick={() => void confirm()}>
          Drop
        </Button>
        <Button autoFocus onClick={() => dialog.current?.close()}>
          Cancel
        </Button>
      </div>
    </dialog>
  );
}
