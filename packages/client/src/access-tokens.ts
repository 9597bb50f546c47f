import type { SessionChanges } from "./session-changes.js";
import { createSessionEndedError } from "./session-errors.js";
import { readTokenResponse, type StoredToken } from "./stored-token.js";
import type { Transport } from "./transport.js";

export type AccessTokens = {
  /** The token for a request. Refreshes first if the token is missing or about to expire. */
  current(): Promise<StoredToken>;
  /** A token to use after `refused`: the one that another request has already fetched, or a fresh one. */
  replacementFor(refused: StoredToken): Promise<StoredToken>;
  set(token: StoredToken | undefined): void;
  /** Keeps a token of the same session with a newer proof. @throws ProblemError if `startEpoch` is over */
  renew(token: StoredToken, startEpoch: number): void;
  /** Grows with each `set`. A changed epoch means that the user has signed in or out in between. */
  epoch(): number;
};

/**
 * The access token of this tab. Requests of one tab share a refresh. Tabs that race need no browser lock:
 * the server gives the loser the same refresh token as the winner. A sign-in or sign-out of any tab aborts the refresh,
 * which is repeated afterwards if this tab still has the same user.
 */
export function createAccessTokens(
  transport: Transport,
  refreshUrl: string,
  changes: Pick<SessionChanges, "settled">,
): AccessTokens {
  let stored: StoredToken | undefined;
  let refreshing: Promise<StoredToken> | undefined;
  let epoch = 0;

  async function requestToken(signal: AbortSignal): Promise<StoredToken> {
    const request = new Request(refreshUrl, { method: "POST", credentials: "include", signal });
    const response = await transport(request);
    // The transport accepts an empty body, which is not JSON.
    return readTokenResponse(await response.json().catch(() => undefined));
  }

  function requireEpoch(startEpoch: number): void {
    if (epoch !== startEpoch) throw createSessionEndedError();
  }

  /** A sign-in or sign-out since `startEpoch` takes precedence over the result. */
  async function refresh(startEpoch: number): Promise<StoredToken> {
    const signal = await changes.settled();
    requireEpoch(startEpoch);
    const before = stored;
    try {
      const fresh = await requestToken(signal);
      requireEpoch(startEpoch);
      // A step-up in between has stored a token with a newer proof.
      if (stored === before) stored = fresh;
      return stored ?? fresh;
    } catch (error) {
      // The sign-in or sign-out that aborts a refresh may fail or concern the same user.
      if (signal.aborted) return refresh(startEpoch);
      throw error;
    }
  }

  function shareRefresh(): Promise<StoredToken> {
    if (refreshing) return refreshing;
    const shared = refresh(epoch).finally(() => {
      if (refreshing === shared) refreshing = undefined;
    });
    refreshing = shared;
    return shared;
  }

  return {
    current: async () => (stored && Date.now() < stored.refreshAt ? stored : shareRefresh()),
    replacementFor: async (refused) => (stored && stored !== refused ? stored : shareRefresh()),
    set(token) {
      epoch += 1;
      stored = token;
      refreshing = undefined;
    },
    renew(token, startEpoch) {
      requireEpoch(startEpoch);
      stored = token;
    },
    epoch: () => epoch,
  };
}
