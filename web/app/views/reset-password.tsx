import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { EmailedLink } from "../components/emailed-link.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { Page } from "../components/page.js";
import { passwordHint } from "../components/password-hint.js";
import { latchkey } from "../latchkey.js";
import { sentEmail } from "../sent-email.js";
import { useKnownAddress } from "../use-known-address.js";

export const ResetPassword = () => (
  <EmailedLink purpose="set a new password" page={(token) => <ChoosePassword key={token} token={token} />}>
    <a class="button quiet" href="/forgot-password">
      Request a new link
    </a>
  </EmailedLink>
);

function ChoosePassword({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const knownAddress = useKnownAddress();
  const form = useForm(async ({ password = "" }) => {
    await latchkey.api.POST("/api/auth/reset-password", { body: { token, password } });
    sentEmail.forget();
    setDone(true);
  });
  if (isDone) {
    return (
      <LinkOutcome title="Password changed" isGood>
        <p>You were signed out on all devices. Sign in with your new password.</p>
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
        <a class="button primary" href="/forgot-password">
          Request a new link
        </a>
      </LinkOutcome>
    );
  }
  return (
    <Page title="Choose a new password" lead="You will be signed out on all devices." width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Set password">
          {/* The link does not name its account: someone who finds the token in a log could otherwise sign in. */}
          <Field
            form={form}
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            defaultValue={knownAddress}
            isOptional
            hint="Optional. It helps your password manager save the password for the right account."
          />
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
