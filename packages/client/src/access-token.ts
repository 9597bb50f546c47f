import { ProblemError } from "./problem-error.js";
import type { components } from "./schema.js";
import type { Transport } from "./transport.js";

type Issued = Pick<components["schemas"]["AccessToken"], "accessToken" | "expiresIn">;

/** An access token in memory, whose it is, and from when on it is better refreshed. */
export type Held = { token: string; userId: string; refreshAt: number };

/** A call that starts now should not meet the expiry on its way. */
const earlySeconds = 30;

/** @throws ProblemError when this is no token of the API's: a portal may have answered in its place */
export function hold({ accessToken, expiresIn }: Issued): Held {
  // Counted from now: what the clock here says does not matter, only that it runs on while the tab sleeps.
  const refreshAt = Date.now() + Math.max(expiresIn - earlySeconds, expiresIn / 2) * 1000;
  try {
    return { token: accessToken, userId: subjectOf(accessToken), refreshAt };
  } catch (cause) {
    throw new ProblemError("unexpected", { status: 200, title: "The answer made no sense" }, { cause });
  }
}

function subjectOf(token: string): string {
  const payload = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
  return JSON.parse(atob(payload)).sub;
}

/** The session is over, which no further call can change. */
export const isOver = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.status === 401 || error.code === "account-banned");

export const sessionEnded = (): ProblemError =>
  new ProblemError("session-ended", { status: 401, title: "The session has ended" });

export type AccessTokens = {
  /** The token for a call; refreshed first when there is none, or when it is about to expire. */
  current(): Promise<Held>;
  /** The token after `refused`: the one another call has got meanwhile, or a fresh one. */
  after(refused: Held): Promise<Held>;
  set(held: Held | undefined): void;
  /** Grows with each `set`: whether somebody has signed in or out since it was read. */
  epoch(): number;
  /** Once no refresh is under way. Its answer brings a cookie, which would replace that of a sign-in. */
  settled(): Promise<void>;
};

/**
 * The token of this tab. Its calls share one refresh at a time; between tabs the server sees to it that the loser
 * gets what the winner got, so no lock of the browser is needed.
 */
export function createAccessTokens(transport: Transport, refreshUrl: string): AccessTokens {
  let held: Held | undefined;
  let refreshing: Promise<Held> | undefined;
  let settled = Promise.resolve();
  let epoch = 0;

  async function refresh(): Promise<Held> {
    const before = epoch;
    try {
      const response = await transport(new Request(refreshUrl, { method: "POST", credentials: "include" }));
      const fresh = hold(await response.json());
      // Whoever signed in or out meanwhile has the last word.
      if (epoch !== before) throw sessionEnded();
      held = fresh;
      return fresh;
    } finally {
      if (epoch === before) refreshing = undefined;
    }
  }

  function refreshOnce(): Promise<Held> {
    if (refreshing) return refreshing;
    refreshing = refresh();
    settled = Promise.allSettled([settled, refreshing]).then(() => {});
    return refreshing;
  }

  return {
    current: async () => (held && Date.now() < held.refreshAt ? held : refreshOnce()),
    after: async (refused) => (held && held !== refused ? held : refreshOnce()),
    set(value) {
      epoch += 1;
      held = value;
      refreshing = undefined;
    },
    epoch: () => epoch,
    settled: () => settled,
  };
}
