import { useState } from "preact/hooks";
import { linkToken } from "../link-token.js";
import { AuthForm } from "../parts/auth-form.js";
import { useForm } from "../parts/form.js";
import { isBadLink, LinkOutcome } from "../parts/link-outcome.js";
import { Page } from "../parts/page.js";
import { latchkey } from "../session.js";
import { useStore } from "../use-store.js";

export default function VerifyEmail() {
  const token = useStore(linkToken);
  if (token) return <Confirm key={token} token={token} />;
  return (
    <LinkOutcome title="Open the link in your mail">
      <p>This page confirms an address, and it can do so only when the link in the mail has opened it.</p>
      <p>Have you loaded the page anew? Then open the link again: it still works if it was not used.</p>
      <a class="button" href="/">
        Go to sign-in
      </a>
    </LinkOutcome>
  );
}

function Confirm({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const form = useForm(async () => {
    await latchkey.api.POST("/api/auth/verify-email", { body: { token } });
    setDone(true);
  });
  if (isDone) {
    return (
      <LinkOutcome title="Address confirmed" isGood>
        <p>Your account is ready.</p>
        <a class="button primary" href="/">
          Sign in
        </a>
      </LinkOutcome>
    );
  }
  if (isBadLink(form.failure)) {
    return (
      <LinkOutcome title="This link no longer works" error={form.failure}>
        <p>
          It has expired, was used before, or was not copied completely. Already confirmed? Then just sign in.
        </p>
        <p>If not, sign in too: there you can have the mail sent again. A link works for 24 hours.</p>
        <a class="button primary" href="/">
          Sign in
        </a>
      </LinkOutcome>
    );
  }
  return (
    <Page title="Confirm your address" lead="One click, and your account is ready to use." width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Confirm address" />
        <p class="hint after">You did not create an account? Then close this page, and nothing happens.</p>
      </div>
    </Page>
  );
}
