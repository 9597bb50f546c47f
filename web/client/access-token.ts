import { ProblemError } from "./problem-error.js";
import type { components } from "./schema.js";
import type { Transport } from "./transport.js";

type Issued = Pick<components["schemas"]["AccessToken"], "accessToken" | "expiresIn">;

/** An access token in memory, whose it is, and from when on it is better refreshed. */
export type Held = { token: string; userId: string; refreshAt: number };

/** A call that starts now should not meet the expiry on its way. */
const earlySeconds = 30;

export function hold({ accessToken, expiresIn }: Issued): Held {
  const refreshAt = Date.now() + Math.max(expiresIn - earlySeconds, expiresIn / 2) * 1000;
  return { token: accessToken, userId: subjectOf(accessToken), refreshAt };
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
};

/**
 * The token of this tab. Its calls share one refresh at a time; between tabs the server sees to it that the loser
 * gets what the winner got, so no lock of the browser is needed.
 */
export function createAccessTokens(transport: Transport, refreshUrl: string): AccessTokens {
  let held: Held | undefined;
  let refreshing: Promise<Held> | undefined;
  /** Grows with each sign-in and sign-out. */
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

  const refreshOnce = () => {
    refreshing ??= refresh();
    return refreshing;
  };

  return {
    current: async () => (held && Date.now() < held.refreshAt ? held : refreshOnce()),
    after: async (refused) => (held && held !== refused ? held : refreshOnce()),
    set(value) {
      epoch += 1;
      held = value;
      refreshing = undefined;
    },
  };
}
