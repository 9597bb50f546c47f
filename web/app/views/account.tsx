import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { useStore } from "../use-store.js";

export function Account() {
  const session = useStore(latchkey.session);
  const [isSaved, setSaved] = useState(false);
  const form = useForm(async ({ name = "" }) => {
    setSaved(false);
    await latchkey.changeAccount({ name });
    setSaved(true);
  });
  if (session.state !== "signed-in") return null;
  const { name, email } = session.user;
  return (
    <Page title="Your account" width="narrow">
      <div class="card stack">
        <AuthForm form={form} submit="Save">
          <Field form={form} name="name" label="Name" autoComplete="name" defaultValue={name} />
          <Field
            form={form}
            name="email"
            label="Email"
            type="email"
            autoComplete="email"
            defaultValue={email}
            readOnly
          />
        </AuthForm>
        <div role="status">{isSaved && <p class="notice success">Your name is saved.</p>}</div>
        <p class="hint">
          To change your password, <a href="/forgot-password">request a link by email</a>.
        </p>
      </div>
    </Page>
  );
}
