import type { AccessTokens } from "./access-tokens.js";
import type { User } from "./session.js";
import type { SessionChanges } from "./session-changes.js";
import type { TabSession } from "./tab-session.js";
import type { Transport } from "./transport.js";

type Options = {
  transport: Transport;
  userUrl: string;
  tokens: Pick<AccessTokens, "current" | "epoch">;
  changes: Pick<SessionChanges, "settled">;
  session: Pick<TabSession, "setSignedIn">;
};

/**
 * Signs the tab in if the browser has a live session cookie, while the page already shows that nobody is signed in.
 * A sign-in during the check takes precedence. A failure changes nothing.
 */
export async function checkCookie({ transport, userUrl, tokens, changes, session }: Options): Promise<void> {
  const startEpoch = tokens.epoch();
  try {
    const { token } = await tokens.current();
    const headers = { authorization: `Bearer ${token}` };
    const response = await transport(new Request(userUrl, { credentials: "include", headers }));
    const user: User = await response.json();
    await changes.settled();
    if (tokens.epoch() === startEpoch) session.setSignedIn(user);
  } catch {
    // Nobody is signed in, or the server cannot be reached. Either way, the person can sign in.
  }
}
