import { useState } from "preact/hooks";
import { Activity } from "../account/activity.js";
import { Devices } from "../account/devices.js";
import { Email } from "../account/email.js";
import { Password } from "../account/password.js";
import { TimeZone } from "../account/time-zone.js";
import { YourData } from "../account/your-data.js";
import { AuthForm } from "../components/auth-form.js";
import { Field } from "../components/field.js";
import { useForm } from "../components/form.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { useStore } from "../use-store.js";

export function Account() {
  const session = useStore(latchkey.session);
  const [isSaved, setSaved] = useState(false);
  const form = useForm(async ({ name = "", timeZone = "" }) => {
    setSaved(false);
    await latchkey.changeAccount({ name, timeZone });
    setSaved(true);
  });
  if (session.state !== "signed-in") return null;
  const { name, email, timeZone } = session.user;
  return (
    <Page title="Your account" width="narrow">
      <div class="card stack">
        <AuthForm form={form} submit="Save">
          <Field form={form} name="name" label="Name" autoComplete="name" defaultValue={name} />
          <TimeZone name="timeZone" value={timeZone} />
        </AuthForm>
        <div role="status">{isSaved && <p class="notice success">Your changes are saved.</p>}</div>
      </div>
      <Email email={email} />
      <Password email={email} />
      <Devices />
      <Activity />
      <YourData />
    </Page>
  );
}
