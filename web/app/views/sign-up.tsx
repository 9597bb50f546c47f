import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { CheckEmail } from "../components/check-email.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { passwordHint } from "../components/password-hint.js";
import { latchkey } from "../latchkey.js";

export function SignUp() {
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
      <CheckEmail send={send} onBack={() => setSentTo(undefined)}>
        We sent an email to <strong class="break-anywhere">{sentTo}</strong>. Follow the link in it to confirm
        your address, then <a href="/">sign in</a>.
      </CheckEmail>
    );
  }
  return (
    <Page title="Sign up" width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Sign up">
          <Field form={form} name="name" label="Name" autoComplete="name" defaultValue={typed.current.name} />
          <Field
            form={form}
            name="email"
            label="Email"
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
      <p class="after-card">
        Already have an account? <a href="/">Sign in</a>
      </p>
    </Page>
  );
}
