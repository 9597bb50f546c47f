import { useEffect, useId, useRef } from "preact/hooks";
import { closedAccount, daysToRestore } from "../closed-account.js";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { useForm } from "../components/form.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { dateOf } from "../users/date-time.js";

/** Says what happens when the account closes, and closes it. */
export function CloseDialog({ onCancel }: { onCancel: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const form = useForm(async () => {
    const { purgeAt } = await latchkey.closeAccount();
    closedAccount.set({ purgeAt });
    navigate("/closed", { replace: true });
  });
  // The browser keeps the focus inside, and returns it to the button when the dialog closes.
  useEffect(() => dialog.current?.showModal(), []);
  const until = dateOf(new Date(Date.now() + daysToRestore * 86_400_000));
  return (
    <dialog
      ref={dialog}
      class="card"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onCancel}
    >
      <form method="post" class="stack" onSubmit={form.onSubmit}>
        <h2 id={`${id}-title`}>Close your account?</h2>
        <div id={`${id}-text`}>
          <p>You are signed out on every device, and nobody can sign in to the account.</p>
          <p>
            We email you a link. Until <strong>{until}</strong>, it restores the account with all its tasks.
            After that, we delete the account and everything in it.
          </p>
        </div>
        {form.failure !== undefined && <Failure error={form.failure} />}
        <div class="actions">
          <Button kind="danger" type="submit" isBusy={form.isBusy}>
            Close account
          </Button>
          <Button onClick={() => dialog.current?.close()} autoFocus>
            Keep account
          </Button>
        </div>
      </form>
    </dialog>
  );
}
