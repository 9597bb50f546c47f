import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../parts/auth-form.js";
import { CheckMail } from "../parts/check-mail.js";
import { Field } from "../parts/field.js";
import { useForm } from "../parts/form.js";
import { Page } from "../parts/page.js";
import { passwordHint } from "../parts/password-hint.js";
import { latchkey } from "../session.js";

export default function Register() {
  const [sentTo, setSentTo] = useState<string>();
  const typed = useRef({ name: "", email: "" });
  const form = useForm(async ({ name = "", email = "", password = "" }) => {
    await latchkey.api.POST("/api/auth/register", { body: { name, email, password } });
    typed.current = { name, email };
    setSentTo(email);
  });
  if (sentTo) {
    const send = () => latchkey.api.POST("/api/auth/resend-verification", { body: { email: sentTo } });
    return (
      <CheckMail email={sentTo} send={send} onBack={() => setSentTo(undefined)}>
        Open the link in the mail to confirm the address; then <a href="/">sign in</a>.
      </CheckMail>
    );
  }
  return (
    <Page title="Create an account" width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Create account">
          <Field form={form} name="name" label="Name" autoComplete="name" defaultValue={typed.current.name} />
          <Field
            form={form}
            name="email"
            label="E-mail address"
            type="email"
            autoComplete="username"
            defaultValue={typed.current.email}
          />
          <Field
            form={form}
            name="password"
            label="Password"
            type="password"
            autoComplete="new-password"
            hint={passwordHint}
          />
        </AuthForm>
      </div>
      <p class="below">
        Have an account? <a href="/">Sign in</a>
      </p>
    </Page>
  );
}
