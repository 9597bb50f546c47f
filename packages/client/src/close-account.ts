import { type Api, dataOf } from "./api.js";
import { ProblemError } from "./problem-error.js";
import type { TabSession } from "./tab-session.js";

type Options = {
  /** Its transport calls `onRetry` when it sends a request again. */
  createApi(onRetry: () => void): Api;
  session: Pick<TabSession, "userId">;
  onClosed(): void;
};

/**
 * Closes the account. If an earlier attempt got no response, it may have closed the account: the session has then
 * ended, and the server refuses the next attempt. Without such an attempt, a session that has ended closes nothing.
 */
export function createCloseAccount({ createApi, session, onClosed }: Options) {
  let uncertainFor: string | undefined;
  let userId: string | undefined;
  const markUncertain = () => {
    uncertainFor = userId;
  };
  const api = createApi(markUncertain);
  return async (): Promise<{ purgeAt: string | null }> => {
    userId = session.userId();
    try {
      const { purgeAt } = await dataOf(api.DELETE("/api/auth/me"));
      onClosed();
      return { purgeAt };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.code === "session-ended" && userId !== undefined && uncertainFor === userId) {
        return { purgeAt: null };
      }
      if (error.status === 0 || error.status >= 500) markUncertain();
      throw error;
    }
  };
}
