import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { EmailedLink } from "../components/emailed-link.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";

export const ConfirmEmail = () => (
  <EmailedLink purpose="confirm a new address" page={(token) => <Confirm key={token} token={token} />} />
);

function Confirm({ token }: { token: string }) {
  const [isDone, setDone] = useState(false);
  const form = useForm(async () => {
    await latchkey.confirmNewEmail({ token });
    setDone(true);
  });
  if (isDone) {
    return (
      <LinkOutcome title="Email address changed" isGood>
        <p>From now on, you sign in with this address. Both addresses get a notice.</p>
        <a class="button primary" href="/account">
          Go to your account
        </a>
      </LinkOutcome>
    );
  }
  if (isInvalidLink(form.failure)) {
    return (
      <LinkOutcome title="This link no longer works" error={form.failure}>
        <p>It has expired or was replaced by a newer one, or the address belongs to another account.</p>
        <a class="button primary" href="/account">
          Go to your account
        </a>
      </LinkOutcome>
    );
  }
  return (
    <Page title="Confirm your new address" lead="You will sign in with this address." width="narrow">
      <div class="card">
        <AuthForm form={form} submit="Use this address" />
        <p class="hint after-form">
          Didn’t ask for this? Close this page. Otherwise, a stranger’s account would get your address.
        </p>
      </div>
    </Page>
  );
}
