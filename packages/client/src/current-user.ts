import type { AccessTokens } from "./access-tokens.js";
import { type Api, dataOf } from "./api.js";
import type { User } from "./session.js";
import type { TabSession } from "./tab-session.js";

export type CurrentUser = {
  /** Looks up the user of the session cookie. Callers share one request. @throws ProblemError */
  load(): Promise<User | null>;
  /** Looks the user up again in the background, without waiting for an older request. */
  reload(): void;
};

export function createCurrentUser(
  api: Api,
  tokens: Pick<AccessTokens, "epoch">,
  session: TabSession,
): CurrentUser {
  let loading: Promise<User | null> | undefined;

  async function fetchUser(): Promise<User | null> {
    const startEpoch = tokens.epoch();
    const isCurrent = () => tokens.epoch() === startEpoch;
    try {
      const user = await dataOf(api.GET("/api/auth/me"));
      if (isCurrent()) {
        session.setSignedIn(user);
        return user;
      }
    } catch (error) {
      if (isCurrent() && !session.isSignedOut()) throw error;
    }
    // A sign-in or sign-out during the request takes precedence over its response.
    const latest = session.get();
    if (latest.state === "unknown") return load();
    return latest.state === "signed-in" ? latest.user : null;
  }

  function load(): Promise<User | null> {
    const shared = loading ?? fetchUser();
    loading = shared;
    return shared.finally(() => {
      if (loading === shared) loading = undefined;
    });
  }

  return {
    load,
    reload() {
      loading = undefined;
      // On failure the session stays unknown, and the next `resume` tries again.
      load().catch(() => {});
    },
  };
}
