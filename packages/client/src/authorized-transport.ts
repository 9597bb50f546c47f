import { unlessAborted } from "./abort.js";
import type { AccessTokens } from "./access-tokens.js";
import type { ProblemError } from "./problem-error.js";
import { createSessionEndedError, isAuthRefusal, isBanned } from "./session-errors.js";
import type { StoredToken } from "./stored-token.js";
import type { TabSession } from "./tab-session.js";
import type { Transport } from "./transport.js";

/** Sends requests with the access token. A refused token is refreshed once and the request retried once. */
export function createAuthorizedTransport(
  transport: Transport,
  tokens: AccessTokens,
  session: TabSession,
): Transport {
  /** Ensures that a request started by one user is never sent with another user's token. */
  async function tokenOf(
    userId: string | undefined,
    pendingToken: Promise<StoredToken>,
    refusal?: ProblemError,
  ): Promise<StoredToken> {
    const startEpoch = tokens.epoch();
    let token: StoredToken;
    try {
      token = await pendingToken;
    } catch (error) {
      const isCurrent = tokens.epoch() === startEpoch;
      // A refused refresh does not reveal a ban, but the refusal of the original request may.
      if (isAuthRefusal(error) && isCurrent) session.setEnded(isBanned(refusal) ? refusal : error);
      throw error;
    }
    if (userId === undefined || token.userId === userId) return token;
    // Another user signed in to this browser, and no tab has announced it.
    if (session.userId() === userId) session.switchUser();
    throw createSessionEndedError();
  }

  return async (request) => {
    if (session.isSignedOut()) throw createSessionEndedError();
    const { signal } = request;
    const token = await unlessAborted(tokenOf(session.userId(), tokens.current()), signal);
    try {
      return await transport(withToken(request, token));
    } catch (error) {
      if (!isAuthRefusal(error) || session.isSignedOut() || signal.aborted) throw error;
      const replacement = tokenOf(token.userId, tokens.replacementFor(token), error);
      return await transport(withToken(request, await unlessAborted(replacement, signal)));
    }
  };
}

function withToken(request: Request, { token }: StoredToken): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
