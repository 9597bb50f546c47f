import { dataOf } from "@latchkey/client";
import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { passwordHint } from "../components/password-hint.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { registration } from "../registration.js";
import { sentEmail } from "../sent-email.js";
import { useIdempotencyKey } from "../use-idempotency-key.js";

export function SignUp() {
  const { keyFor, renew } = useIdempotencyKey();
  const form = useForm(async ({ name = "", email = "", password = "" }) => {
    const body = { name, email, password };
    const params = { header: { "Idempotency-Key": keyFor(JSON.stringify(body)) } };
    const signUp = await dataOf(latchkey.api.POST("/api/auth/register", { params, body }));
    renew();
    registration.keep(signUp.registration);
    sentEmail.keep({ kind: "sign-up", address: email, name });
    navigate("/check-email");
  });
  const typed = sentEmail.get();
  return (
    <Page title="Sign up" width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Sign up">
          <Field form={form} name="name" label="Name" autoComplete="name" defaultValue={typed?.name} />
          <Field
            form={form}
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            defaultValue={typed?.address}
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
