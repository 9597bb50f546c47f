import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { EmailedLink } from "../components/emailed-link.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";

export const Restore = () => (
  <EmailedLink purpose="restore your account" page={(token) => <RestoreAccount key={token} token={token} />}>
    <a class="button quiet" href="/">
      Go to sign-in
    </a>
  </EmailedLink>
);

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
