import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { navigate } from "../navigation.js";
import { sendEmail } from "../send-email.js";
import { sentEmail } from "../sent-email.js";
import { useKnownAddress } from "../use-known-address.js";

export function ForgotPassword() {
  const knownAddress = useKnownAddress();
  const form = useForm(async ({ email = "" }) => {
    const request = { kind: "reset", address: email } as const;
    await sendEmail(request);
    sentEmail.keep(request);
    navigate("/check-email");
  });
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
            defaultValue={knownAddress}
          />
        </AuthForm>
      </div>
      <p class="after-card">
        Remembered it? <a href="/">Sign in</a>
      </p>
    </Page>
  );
}
