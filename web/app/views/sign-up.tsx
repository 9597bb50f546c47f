import { dataOf } from "@latchkey/client";
import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { CheckEmail } from "../components/check-email.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { passwordHint } from "../components/password-hint.js";
import { latchkey } from "../latchkey.js";
import { registration } from "../registration.js";
import { useIdempotencyKey } from "../use-idempotency-key.js";

export function SignUp() {
  const [sentTo, setSentTo] = useState<string>();
  const typed = useRef({ name: "", email: "" });
  const { keyFor, renew } = useIdempotencyKey();
  const form = useForm(async ({ name = "", email = "", password = "" }) => {
    const body = { name, email, password };
    const params = { header: { "Idempotency-Key": keyFor(JSON.stringify(body)) } };
    const signUp = await dataOf(latchkey.api.POST("/api/auth/register", { params, body }));
    renew();
    registration.keep(signUp.registration);
    typed.current = { name, email };
    setSentTo(email);
  });
  if (sentTo) {
    const send = () => latchkey.api.POST("/api/auth/resend-verification", { body: { email: sentTo } });
    return (
      <CheckEmail send={send} onBack={() => setSentTo(undefined)}>
        We sent an email to <strong class="break-anywhere">{sentTo}</strong>. Open its link in this browser to
        confirm your address with one click.
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
