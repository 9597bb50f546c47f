import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { linkToken } from "../link-token.js";
import { useStore } from "../use-store.js";

export function VerifyEmail() {
  const token = useStore(linkToken);
  if (token) return <Confirm key={token} token={token} />;
  return (
    <LinkOutcome title="Open the link in your email">
      <p>You can confirm your email only through the link we sent you.</p>
      <p>If you reloaded this page, open the link in your email again.</p>
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
      <LinkOutcome title="Email confirmed" isGood>
        <p>Your account is ready.</p>
        <a class="button primary" href="/">
          Sign in
        </a>
      </LinkOutcome>
    );
  }
  if (isInvalidLink(form.failure)) {
    return (
      <LinkOutcome title="This link no longer works" error={form.failure}>
        <p>It has expired, was already used, or is incomplete.</p>
        <p>Try signing in. If your email is not confirmed yet, we’ll offer to send a new link.</p>
        <a class="button primary" href="/">
          Sign in
        </a>
      </LinkOutcome>
    );
  }
  return (
    <Page title="Confirm your email" lead="One click, and your account is ready." width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Confirm email" />
        <p class="hint after-form">Didn’t sign up? Close this page without confirming.</p>
      </div>
    </Page>
  );
}
