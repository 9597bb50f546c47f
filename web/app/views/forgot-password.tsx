import { useRef, useState } from "preact/hooks";
import { AuthForm } from "../parts/auth-form.js";
import { CheckMail } from "../parts/check-mail.js";
import { Field } from "../parts/field.js";
import { useForm } from "../parts/form.js";
import { Page } from "../parts/page.js";
import { latchkey } from "../session.js";

const sendLink = (email: string) => latchkey.api.POST("/api/auth/forgot-password", { body: { email } });

export default function ForgotPassword() {
  const [sentTo, setSentTo] = useState<string>();
  const typed = useRef("");
  const form = useForm(async ({ email = "" }) => {
    await sendLink(email);
    typed.current = email;
    setSentTo(email);
  });
  if (sentTo) {
    return (
      <CheckMail email={sentTo} send={() => sendLink(sentTo)} onBack={() => setSentTo(undefined)}>
        If it belongs to an account, the mail has a link that sets a new password.
      </CheckMail>
    );
  }
  return (
    <Page
      title="Forgot your password?"
      lead="Tell us your address, and we send you a link that sets a new one."
      width="narrow"
    >
      <div class="card">
        <AuthForm form={form} submit="Send the link">
          <Field
            form={form}
            name="email"
            label="E-mail address"
            type="email"
            autoComplete="username"
            defaultValue={typed.current}
          />
        </AuthForm>
      </div>
      <p class="below">
        Remembered it? <a href="/">Sign in</a>
      </p>
    </Page>
  );
}
