import { latchkey } from "./latchkey.js";
import { sentEmail } from "./sent-email.js";
import { useStore } from "./use-store.js";

/** The address to suggest in a form about a password: that of this tab's last email, or of the signed-in user. */
export function useKnownAddress(): string | undefined {
  const sent = useStore(sentEmail);
  const session = useStore(latchkey.session);
  return sent?.address ?? (session.state === "signed-in" ? session.user.email : undefined);
}
