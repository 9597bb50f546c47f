import type { SignedOutReason } from "@latchkey/client";
import { ProblemError } from "@latchkey/client";
import { useRef } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { sendEmail } from "../send-email.js";
import { sentEmail } from "../sent-email.js";
import { useStore } from "../use-store.js";

const signedOutMessages: Record<SignedOutReason, string | undefined> = {
  none: undefined,
  "signed-out": "You have signed out.",
  "session-ended": "Your session has ended. Please sign in again.",
  "account-banned": "Your account was banned, so you were signed out.",
  "account-closed": "Your account is closed. Until it is deleted, the link in our email restores it.",
};

export function SignIn() {
  const session = useStore(latchkey.session);
  const message = session.state === "signed-out" ? signedOutMessages[session.reason] : undefined;
  const email = useRef("");
  const form = useForm(async ({ email: typed = "", password = "" }) => {
    email.current = typed;
    await latchkey.signIn({ email: typed, password });
  });
  const isRefused = form.failure instanceof ProblemError && form.failure.code === "invalid-credentials";
  const resend = useForm(async () => {
    const request = { kind: "confirmation", address: email.current } as const;
    await sendEmail(request);
    sentEmail.keep(request);
    navigate("/check-email");
  });
  /** The newest failure replaces an earlier one of the other form. */
  const shownForm = resend.failure === undefined ? form : { ...form, failure: undefined };

  return (
    <div class="split">
      <div class="pitch" aria-hidden="true">
        <img src="/favicon.svg" alt="" width="72" height="72" />
        <p>
          Your tasks.
          <br />
          Yours alone.
        </p>
      </div>
      <Page title="Sign in" width="narrow">
        <div class="card stack">
          {message && (
            <p class="notice" role="status">
              {message}
            </p>
          )}
          {!navigator.cookieEnabled && (
            <p class="notice error" role="alert">
              Your browser blocks cookies for this site, so you can’t stay signed in. Allow cookies, then
              reload the page.
            </p>
          )}
          <AuthForm form={shownForm} submit="Sign in">
            <Field
              form={form}
              name="email"
              label="Email"
              type="email"
              autoComplete="username"
              defaultValue={sentEmail.get()?.address}
            />
            <Field
              form={form}
              name="password"
              label="Password"
              type="password"
              autoComplete="current-password"
            />
            <p class="field-link">
              <a href="/forgot-password">Forgot your password?</a>
            </p>
          </AuthForm>
          {isRefused && (
            <>
              <p class="hint">Just signed up? Confirm your email first.</p>
              <AuthForm form={resend} submit="Send the confirmation email again" kind="plain" />
            </>
          )}
        </div>
        <p class="after-card">
          New here? <a href="/register">Sign up</a>
        </p>
      </Page>
    </div>
  );
}
