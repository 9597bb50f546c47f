import { useState } from "preact/hooks";
import { linkToken } from "../link-token.js";
import { AuthForm } from "../parts/auth-form.js";
import { Field } from "../parts/field.js";
import { useForm } from "../parts/form.js";
import { isBadLink, LinkOutcome } from "../parts/link-outcome.js";
import { Page } from "../parts/page.js";
import { passwordHint } from "../parts/password-hint.js";
import { latchkey } from "../session.js";
import { useStore } from "../use-store.js";

export default function ResetPassword() {
  const token = useStore(linkToken);
  if (token) return <ChoosePassword key={token} token={token} />;
  return (
    <LinkOutcome title="Open the link in your mail">
      <p>This page sets a new password, and it can do so only when the link in the mail has opened it.</p>
      <p>Have you loaded the page anew? Then open the link again: it still works if it was not used.</p>
      <a class="button" href="/forgot-password">
        Ask for a link
      </a>
    </LinkOutcome>
  );
}

function ChoosePassword({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const form = useForm(async ({ password = "" }) => {
    await latchkey.api.POST("/api/auth/reset-password", { body: { token, password } });
    setDone(true);
  });
  if (isDone) {
    return (
      <LinkOutcome title="Password changed" isGood>
        <p>Every device was signed out. Sign in with the new password.</p>
        <a class="button primary" href="/">
          Sign in
        </a>
      </LinkOutcome>
    );
  }
  if (isBadLink(form.failure)) {
    return (
      <LinkOutcome title="This link no longer works" error={form.failure}>
        <p>It has expired, was used before, or was not copied completely. A link works for one hour.</p>
        <a class="button primary" href="/forgot-password">
          Ask for a new link
        </a>
      </LinkOutcome>
    );
  }
  return (
    <Page
      title="Choose a new password"
      lead="Every device that is signed in now will be signed out."
      width="narrow"
    >
      <div class="card">
        <AuthForm form={form} submit="Set the password">
          <Field
            form={form}
            name="password"
            label="New password"
            type="password"
            autoComplete="new-password"
            hint={passwordHint}
          />
        </AuthForm>
      </div>
    </Page>
  );
}
