import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { CheckEmail } from "../components/check-email.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";

const sendLink = (email: string) => latchkey.api.POST("/api/auth/forgot-password", { body: { email } });

export function ForgotPassword() {
  const [sentTo, setSentTo] = useState<string>();
  const typed = useRef("");
  const form = useForm(async ({ email = "" }) => {
    await sendLink(email);
    typed.current = email;
    setSentTo(email);
  });
  if (sentTo) {
    return (
      <CheckEmail send={() => sendLink(sentTo)} onBack={() => setSentTo(undefined)}>
        If an account exists for <strong class="break-anywhere">{sentTo}</strong>, we sent a link to set a new
        password.
      </CheckEmail>
    );
  }
  return (
    <Page
      title="Forgot your password?"
      lead="Enter your email, and we’ll send you a link to set a new password."
      width="narrow"
    >
      <div class="card">
        <AuthForm form={form} submit="Send link">
          <Field
            form={form}
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            defaultValue={typed.current}
          />
        </AuthForm>
      </div>
      <p class="after-card">
        Remembered it? <a href="/">Sign in</a>
      </p>
    </Page>
  );
}
