import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { EmailedLink } from "../components/emailed-link.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";

export const NotMe = () => (
  <EmailedLink purpose="lock an intruder out" page={(token) => <Disavow key={token} token={token} />} />
);

function Disavow({ token }: { token: string }) {
  const [outcome, setOutcome] = useState<"secured" | "repeated">();
  const form = useForm(async () => {
    const { data } = await latchkey.api.POST("/api/auth/not-me", { body: { token } });
    setOutcome(data?.repeated ? "repeated" : "secured");
    // The session of this browser may have ended.
    await latchkey.resume();
  });
  if (outcome) return <Secured isRepeated={outcome === "repeated"} />;
  if (isInvalidLink(form.failure)) {
    return (
      <LinkOutcome title="This link no longer works" error={form.failure}>
        <p>
          It has expired or is incomplete. You can still set a new password, which signs out every device.
        </p>
        <NewPassword />
      </LinkOutcome>
    );
  }
  return (
    <Page title="Wasn’t this you?" lead="One click locks an intruder out of your account." width="narrow">
      <div class="card stack">
        <ul class="points">
          <li>Every device is signed out, this one too.</li>
          <li>Your password stops working. We email you a link to choose a new one.</li>
          <li>If the email address was changed in the last three days, you get the previous one back.</li>
          <li>If the account was closed, it is open again.</li>
          <li>Your email address cannot change for the next three days.</li>
        </ul>
        <AuthForm form={form} submit="This wasn’t me" />
        <p class="hint after-form">Was it you? Close this page. Nothing changes.</p>
      </div>
    </Page>
  );
}

function Secured({ isRepeated }: { isRepeated: boolean }) {
  return (
    <LinkOutcome title="The intruder is locked out" isGood>
      {isRepeated ? (
        <p>You have done this already since we sent that email, so nothing has changed.</p>
      ) : (
        <p>
          An email with a link to choose a new password is on its way. If your address was changed, it goes to
          the previous one.
        </p>
      )}
      <p>Didn’t get the email? Request another one.</p>
      <NewPassword />
    </LinkOutcome>
  );
}

const NewPassword = () => (
  <a class="button" href="/forgot-password">
    Request a new link
  </a>
);
