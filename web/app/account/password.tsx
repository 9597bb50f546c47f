import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { passwordHint } from "../components/password-hint.js";
import { latchkey } from "../latchkey.js";

/** Changes the password of the account with this address. */
export function Password({ email }: { email: string }) {
  const [isSaved, setSaved] = useState(false);
  const section = useRef<HTMLElement>(null);
  const form = useForm(async ({ currentPassword = "", newPassword = "" }) => {
    setSaved(false);
    await latchkey.changePassword({ currentPassword, newPassword });
    section.current?.querySelector("form")?.reset();
    setSaved(true);
  });
  return (
    <section class="card stack" ref={section}>
      <h2>Password</h2>
      <AuthForm form={form} submit="Change password">
        {/* Tells password managers which account the passwords belong to. */}
        <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
        <Field
          form={form}
          name="currentPassword"
          label="Current password"
          type="password"
          autoComplete="current-password"
        />
        <p class="field-link">
          <a href="/forgot-password">Forgot your password?</a>
        </p>
        <Field
          form={form}
          name="newPassword"
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={passwordHint}
        />
      </AuthForm>
      <div role="status">
        {isSaved && (
          <p class="notice success">Your password is changed. Your other devices are signed out.</p>
        )}
      </div>
    </section>
  );
}
