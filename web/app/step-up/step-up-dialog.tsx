import { ProblemError } from "@latchkey/client";
import { useEffect, useId, useRef } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { Button } from "../components/button.js";
import { Field } from "../components/field.js";
import { refusedField } from "../components/field-messages.js";
import { useForm } from "../components/form.js";
import { latchkey } from "../latchkey.js";
import { useStore } from "../use-store.js";
import { type ProofRequest, proofRequest } from "./prompt.js";

const proven = "proven";

/** The dialog of a request that needs a recent proof. */
export function StepUp() {
  const request = useStore(proofRequest);
  const session = useStore(latchkey.session);
  if (!request || session.state !== "signed-in") return null;
  return <StepUpDialog email={session.user.email} {...request} />;
}

function StepUpDialog({ email, answer }: ProofRequest & { email: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const form = useForm(async ({ password = "" }) => {
    try {
      await latchkey.stepUp(password);
    } catch (error) {
      const isWrong = error instanceof ProblemError && error.code === "wrong-password";
      throw isWrong ? refusedField("password", "This is not your password.") : error;
    }
    dialog.current?.close(proven);
  });
  // The browser keeps the focus inside, and returns it to the control when the dialog closes.
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog
      ref={dialog}
      class="card"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={({ currentTarget }) => answer(currentTarget.returnValue === proven)}
    >
      <div class="stack">
        <h2 id={`${id}-title`}>Confirm that it’s you</h2>
        <p id={`${id}-text`}>
          To continue, enter the password of{" "}
          <bdi class="break-anywhere">
            <strong>{email}</strong>
          </bdi>
          .
        </p>
        <AuthForm form={form} submit="Confirm">
          {/* Tells password managers which password to fill in. */}
          <input name="username" type="text" autoComplete="username" value={email} readOnly hidden />
          <Field
            form={form}
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
          />
        </AuthForm>
        <Button onClick={() => dialog.current?.close()}>Cancel</Button>
      </div>
    </dialog>
  );
}
