import { unlessAborted } from "./abort.js";
import type { AccessTokens } from "./access-tokens.js";
import type { ProblemError } from "./problem-error.js";
import { createSessionEndedError, isAuthRefusal, isBanned, needsStepUp } from "./session-errors.js";
import type { StepUpPrompt } from "./step-up-prompt.js";
import type { StoredToken } from "./stored-token.js";
import type { TabSession } from "./tab-session.js";
import type { Transport } from "./transport.js";

/**
 * Sends requests with the access token. A refused token is refreshed once and the request retried once: the fresh one
 * may have the proof of another tab, or reveal that the session has ended. If the proof is still too old, the request
 * waits for a step-up and is sent a last time.
 */
export function createAuthorizedTransport(
  transport: Transport,
  tokens: AccessTokens,
  session: TabSession,
  prompt: StepUpPrompt,
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
    const { userId } = token;
    const retry = async (pendingToken: Promise<StoredToken>, refusal?: ProblemError) =>
      transport(withToken(request, await unlessAborted(tokenOf(userId, pendingToken, refusal), signal)));
    try {
      return await transport(withToken(request, token));
    } catch (error) {
      if (!isAuthRefusal(error) || session.isSignedOut() || signal.aborted) throw error;
      try {
        return await retry(tokens.replacementFor(token), error);
      } catch (refusal) {
        if (!needsStepUp(refusal)) throw refusal;
        await prompt.prove({ refusal, userId, signal });
        return await retry(tokens.current());
      }
    }
  };
}

function withToken(request: Request, { token }: StoredToken): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
