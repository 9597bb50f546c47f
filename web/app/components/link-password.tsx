import { AuthForm } from "./auth-form.js";
import { Field } from "./field.js";
import type { Form } from "./form.js";
import { Page } from "./page.js";
import { passwordHint } from "./password-hint.js";

type Props = {
  form: Form;
  /** The address that the link confirms. */
  address: string;
  /** Whether the address has an account, so that the link asks for its password. */
  hasAccount: boolean;
};

/** The form of a confirmation link in a browser other than the one of the sign-up. */
export function LinkPassword({ form, address, hasAccount }: Props) {
  return (
    <Page
      title={hasAccount ? "Enter your password" : "Choose a password"}
      lead={
        hasAccount
          ? "You have already confirmed this email. Your password signs you in."
          : "You didn’t sign up in this browser, so please set your password here."
      }
      width="narrow"
    >
      <div class="card">
        <AuthForm form={form} submit={hasAccount ? "Sign in" : "Confirm email"}>
          <Field
            form={form}
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            defaultValue={address}
            readOnly
          />
          <Field
            form={form}
            name="password"
            label="Password"
            type="password"
            autoComplete={hasAccount ? "current-password" : "new-password"}
            hint={hasAccount ? undefined : passwordHint}
          />
          {hasAccount && (
            <p class="field-link">
              <a href="/forgot-password">Forgot your password?</a>
            </p>
          )}
        </AuthForm>
        {!hasAccount && (
          <p class="hint after-form">
            It replaces any password you chose before. If this email is already confirmed, enter your current
            password.
          </p>
        )}
      </div>
    </Page>
  );
}
