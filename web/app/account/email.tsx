import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { latchkey } from "../latchkey.js";

/** Asks for a link to a new address. `email`: the current one. */
export function Email({ email }: { email: string }) {
  const [sentTo, setSentTo] = useState<string>();
  const form = useForm(async ({ email: newEmail = "" }) => {
    setSentTo(undefined);
    await latchkey.api.POST("/api/auth/change-email", { body: { email: newEmail } });
    setSentTo(newEmail);
  });
  return (
    <section class="card stack">
      <h2>Email address</h2>
      <p>
        Your address is{" "}
        <bdi class="break-anywhere">
          <strong>{email}</strong>
        </bdi>
        . It stays in use until you open the link that we send to the new one. Then both addresses get a
        notice.
      </p>
      <AuthForm form={form} submit="Send link">
        <Field form={form} name="email" label="New email address" type="email" autoComplete="email" />
      </AuthForm>
      <div role="status">
        {sentTo !== undefined && (
          <p class="notice success">
            If this address can be used, a link is on its way to <bdi class="break-anywhere">{sentTo}</bdi>.
            It works for one hour.
          </p>
        )}
      </div>
    </section>
  );
}
