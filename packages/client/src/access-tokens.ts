import { createSessionEndedError } from "./session-errors.js";
import { readTokenResponse, type StoredToken } from "./stored-token.js";
import type { Transport } from "./transport.js";

export type AccessTokens = {
  /** The token for a request. Refreshes first if the token is missing or about to expire. */
  current(): Promise<StoredToken>;
  /** A token to use after `refused`: the one that another request has already fetched, or a fresh one. */
  replacementFor(refused: StoredToken): Promise<StoredToken>;
  set(token: StoredToken | undefined): void;
  /** Grows with each `set`. A changed epoch means that the user has signed in or out in between. */
  epoch(): number;
  /** Resolves when no refresh is in flight. A late refresh response would replace the cookie of a new sign-in. */
  refreshSettled(): Promise<void>;
};

/**
 * The access token of this tab. Requests of one tab share a refresh. Tabs that race need no browser lock:
 * the server gives the loser the same refresh token as the winner.
 */
export function createAccessTokens(transport: Transport, refreshUrl: string): AccessTokens {
  let stored: StoredToken | undefined;
  let refreshing: Promise<StoredToken> | undefined;
  let settled = Promise.resolve();
  let epoch = 0;

  async function refresh(): Promise<StoredToken> {
    const startEpoch = epoch;
    try {
      const response = await transport(new Request(refreshUrl, { method: "POST", credentials: "include" }));
      // The transport accepts an empty body, which is not JSON.
      const fresh = readTokenResponse(await response.json().catch(() => undefined));
      // A sign-in or sign-out during the refresh takes precedence over its result.
      if (epoch !== startEpoch) throw createSessionEndedError();
      stored = fresh;
      return fresh;
    } finally {
      if (epoch === startEpoch) refreshing = undefined;
    }
  }

  function shareRefresh(): Promise<StoredToken> {
    if (refreshing) return refreshing;
    refreshing = refresh();
    settled = Promise.allSettled([settled, refreshing]).then(() => {});
    return refreshing;
  }

  return {
    current: async () => (stored && Date.now() < stored.refreshAt ? stored : shareRefresh()),
    replacementFor: async (refused) => (stored && stored !== refused ? stored : shareRefresh()),
    set(token) {
      epoch += 1;
      stored = token;
      refreshing = undefined;
    },
    epoch: () => epoch,
    refreshSettled: () => settled,
  };
}
