import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { navigate } from "../navigation.js";
import { sendEmail } from "../send-email.js";
import { type SentEmail, sentEmail } from "../sent-email.js";
import { useStore } from "../use-store.js";

/** Says where an email went and what to do next, and offers to send it again. */
export function CheckEmail() {
  const sent = useStore(sentEmail);
  const { state } = useStore(latchkey.session);
  const isDone = !sent && state === "signed-in";
  useEffect(() => {
    if (isDone) navigate("/tasks", { replace: true });
  }, [isDone]);
  if (isDone) return null;
  return sent ? <Sent key={sent.address} sent={sent} /> : <Unknown />;
}

const formPaths = { "sign-up": "/register", confirmation: "/", reset: "/forgot-password" };

type Outcome = { isSent: boolean; error?: unknown };

function Sent({ sent }: { sent: SentEmail }) {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ isSent: false });

  async function sendAgain() {
    setBusy(true);
    setOutcome({ isSent: false });
    try {
      await sendEmail(sent);
      setOutcome({ isSent: true });
    } catch (error) {
      setOutcome({ isSent: false, error });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page title="Check your email" width="narrow">
      <div class="card stack">
        <p>
          <Explanation {...sent} />
        </p>
        <p class="hint">
          The email can take a minute to arrive. If you don’t see it, check your spam folder.
        </p>
        {outcome.error !== undefined && <Failure error={outcome.error} />}
        {/* Always present: screen readers announce a change of a live region, not its arrival. */}
        <div role="status">
          {outcome.isSent && <p class="notice success">Sent again. Please check your email.</p>}
        </div>
        <Button isBusy={isBusy} onClick={sendAgain}>
          Send it again
        </Button>
        <a class="button quiet" href={formPaths[sent.kind]}>
          Use a different email
        </a>
      </div>
    </Page>
  );
}

function Explanation({ kind, address }: SentEmail) {
  const to = (
    <strong class="break-anywhere" dir="auto">
      {address}
    </strong>
  );
  switch (kind) {
    case "sign-up":
      return (
        <>We sent an email to {to}. Open its link in this browser to confirm your address with one click.</>
      );
    case "confirmation":
      return <>If you signed up with {to}, an email is on its way. It says what to do next.</>;
    case "reset":
      return <>If an account exists for {to}, we sent a link to set a new password.</>;
  }
}

/** For visitors that have not requested an email in this tab. */
function Unknown() {
  return (
    <Page title="Check your email" width="narrow">
      <div class="card stack">
        <p>If you requested an email from us, open the link in it.</p>
        <p class="hint">
          The email can take a minute to arrive. If you don’t see it, check your spam folder, or request
          another one.
        </p>
        <a class="button primary" href="/">
          Sign in
        </a>
        <a class="button" href="/forgot-password">
          Set a new password
        </a>
        <a class="button" href="/register">
          Sign up
        </a>
      </div>
    </Page>
  );
}
