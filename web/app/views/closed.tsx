import { closedAccount, daysToRestore } from "../closed-account.js";
import { LinkOutcome } from "../components/link-outcome.js";
import { useStore } from "../use-store.js";
import { dateOf } from "../users/date-time.js";

export function Closed() {
  const closed = useStore(closedAccount);
  const until = closed?.purgeAt ? dateOf(new Date(closed.purgeAt)) : undefined;
  return (
    <LinkOutcome title="Your account is closed" isGood>
      <p>Thank you for using Latchkey. You are signed out on every device.</p>
      <p>
        Did you change your mind? Open the link in the email that we have just sent you
        {until ? (
          <>
            , until <strong>{until}</strong>
          </>
        ) : (
          ` within ${daysToRestore} days`
        )}
        . After that, we delete the account and everything in it.
      </p>
      <a class="button quiet" href="/">
        Go to sign-in
      </a>
    </LinkOutcome>
  );
}
