import type { SignedOutReason } from "@latchkey/client";
import { ProblemError } from "@latchkey/client";
import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../parts/auth-form.js";
import { CheckMail } from "../parts/check-mail.js";
import { Field } from "../parts/field.js";
import { useForm } from "../parts/form.js";
import { Page } from "../parts/page.js";
import { latchkey } from "../session.js";
import { useStore } from "../use-store.js";

const farewells: Record<SignedOutReason, string | undefined> = {
  none: undefined,
  "signed-out": "You have signed out.",
  "session-ended": "Your session has ended, so you were signed out. Please sign in again.",
  "account-banned": "This account was banned, so you were signed out.",
};

export default function SignIn() {
  const session = useStore(latchkey.session);
  const farewell = session.state === "signed-out" ? farewells[session.reason] : undefined;
  const email = useRef("");
  const [sentTo, setSentTo] = useState<string>();
  const form = useForm(async ({ email: typed = "", password = "" }) => {
    email.current = typed;
    await latchkey.signIn({ email: typed, password });
  });
  const isUnconfirmed = form.failure instanceof ProblemError && form.failure.code === "email-not-verified";
  const resend = useForm(async () => {
    await sendConfirmation(email.current);
    setSentTo(email.current);
  });

  if (sentTo) {
    return (
      <CheckMail email={sentTo} send={() => sendConfirmation(sentTo)} onBack={() => setSentTo(undefined)}>
        Open the link in the mail to confirm the address; then sign in.
      </CheckMail>
    );
  }
  return (
    <div class="split">
      <div class="pitch" aria-hidden="true">
        <img src="/favicon.svg" alt="" width="72" height="72" />
        <p>
          Your tasks.
          <br />
          Nobody else’s.
        </p>
      </div>
      <Page title="Sign in" width="narrow">
        <div class="card stack">
          {farewell && (
            <p class="notice" role="status">
              {farewell}
            </p>
          )}
          <AuthForm form={form} submit="Sign in">
            <Field form={form} name="email" label="E-mail address" type="email" autoComplete="username" />
            <Field
              form={form}
              name="password"
              label="Password"
              type="password"
              autoComplete="current-password"
            />
            <p class="aside">
              <a href="/forgot-password">Forgot your password?</a>
            </p>
          </AuthForm>
          {isUnconfirmed && <AuthForm form={resend} submit="Send the confirmation mail again" kind="plain" />}
        </div>
        <p class="below">
          New here? <a href="/register">Create an account</a>
        </p>
      </Page>
    </div>
  );
}

const sendConfirmation = (email: string) =>
  latchkey.api.POST("/api/auth/resend-verification", { body: { email } });
