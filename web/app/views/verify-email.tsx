import { ProblemError } from "@latchkey/client";
import { useState } from "preact/hooks";
import { AuthForm } from "../components/auth-form.js";
import { EmailedLink } from "../components/emailed-link.js";
import { refusedField } from "../components/field-messages.js";
import { useForm } from "../components/form.js";
import { isInvalidLink, LinkOutcome } from "../components/link-outcome.js";
import { LinkPassword } from "../components/link-password.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { registration } from "../registration.js";
import { sentEmail } from "../sent-email.js";

export const VerifyEmail = () => (
  <EmailedLink purpose="confirm your email" page={(token) => <Confirm key={token} token={token} />}>
    <a class="button quiet" href="/">
      Go to sign-in
    </a>
  </EmailedLink>
);

function Confirm({ token }: { token: string }) {
  /** The address of the link, once the server has asked for a password. */
  const [address, setAddress] = useState<string>();
  const [hasAccount, setHasAccount] = useState(false);
  const form = useForm(async ({ password }) => {
    try {
      await confirm(token, password);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.code === "invalid-credentials") {
        setHasAccount(true);
        // At the password, because the person cannot change the address.
        throw refusedField("password", "This is not the password of your account");
      }
      if (error.code !== "password-required") throw error;
      if (!(await isSignedInAs(error.email))) return setAddress(error.email);
    }
    navigate("/tasks", { replace: true });
  });
  if (isInvalidLink(form.failure)) return <InvalidLink error={form.failure} />;
  if (address !== undefined) return <LinkPassword form={form} address={address} hasAccount={hasAccount} />;
  const isOneClick = registration.read() !== undefined;
  return (
    <Page
      title="Confirm your email"
      lead={isOneClick ? "One click, and your account is ready." : "You choose a password in the next step."}
      width="narrow"
    >
      <div class="card">
        <AuthForm form={form} submit="Confirm email" />
        <p class="hint after-form">Didn’t sign up? Close this page without confirming.</p>
      </div>
    </Page>
  );
}

async function confirm(token: string, password: string | undefined): Promise<void> {
  const secret = registration.read();
  await latchkey.confirmEmail({
    token,
    ...(secret !== undefined && { registration: secret }),
    ...(password !== undefined && { password }),
  });
  registration.forget();
  sentEmail.forget();
}

/** Whether the user of this browser has the address: the link was followed before. */
async function isSignedInAs(address: string | undefined): Promise<boolean> {
  const user = await latchkey.resume();
  return user !== null && user.email === address;
}

function InvalidLink({ error }: { error: ProblemError }) {
  return (
    <LinkOutcome title="This link no longer works" error={error}>
      <p>It has expired or is incomplete.</p>
      <p>If you have already confirmed your email, sign in. Otherwise, please sign up again.</p>
      <a class="button primary" href="/">
        Sign in
      </a>
      <a class="button" href="/register">
        Sign up
      </a>
    </LinkOutcome>
  );
}
