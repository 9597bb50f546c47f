import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { Page } from "../components/page.js";
import { PasteLink } from "../components/paste-link.js";
import { latchkey } from "../latchkey.js";
import { linkToken } from "../link-token.js";
import { useStore } from "../use-store.js";

export function Restore() {
  const token = useStore(linkToken);
  if (token) return <RestoreAccount key={token} token={token} />;
  return (
    <LinkOutcome title="Open the link in your email">
      <p>You can restore your account only through the link we sent you.</p>
      <p>If you reloaded this page, open the link in your email again.</p>
      <PasteLink />
      <a class="button quiet" href="/">
        Go to sign-in
      </a>
    </LinkOutcome>
  );
}

function RestoreAccount({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const form = useForm(async () => {
    await latchkey.api.POST("/api/auth/restore", { body: { token } });
    setDone(true);
  });
  if (isDone) {
    return (
      <LinkOutcome title="Welcome back" isGood>
        <p>Your account is open again, with all its tasks. Sign in with your password.</p>
        <a class="button primary" href="/">
          Sign in
        </a>
        <p class="hint">
          Did another person close it? They know your password. <a href="/forgot-password">Set a new one</a>.
        </p>
      </LinkOutcome>
    );
  }
  if (isInvalidLink(form.failure)) {
    return (
      <LinkOutcome title="This link no longer works" error={form.failure}>
        <p>It is incomplete, belongs to an earlier closing, or the account has been deleted.</p>
        <a class="button quiet" href="/">
          Go to sign-in
        </a>
      </LinkOutcome>
    );
  }
  return (
    <Page title="Restore your account" lead="One click, and everything is as you left it." width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Restore account" />
        <p class="hint after-form">Did you mean to leave? Close this page.</p>
      </div>
    </Page>
  );
}
