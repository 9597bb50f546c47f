import type { AccessTokens } from "./access-tokens.js";
import type { ProblemError } from "./problem-error.js";
import type { Session, SignedOutReason, User } from "./session.js";
import { isBanned } from "./session-errors.js";
import { sessionHint } from "./session-hint.js";
import { createStore, type Store } from "./store.js";
import type { TabMessage, Tabs } from "./tabs.js";

/** The session as this tab knows it, and the transitions between its states. */
export type TabSession = Pick<Store<Session>, "get" | "subscribe"> & {
  userId(): string | undefined;
  isSignedOut(): boolean;
  setSignedIn(user: User): void;
  setSignedOut(reason: SignedOutReason): void;
  /** Signs all tabs out after the server refused the cookie, which they share. */
  setEnded(refusal: ProblemError): void;
  /** Forgets the user and looks up the new owner of the cookie. */
  switchUser(): void;
};

type Options = {
  tokens: Pick<AccessTokens, "set">;
  broadcast: Tabs["broadcast"];
  onSwitchUser: () => void;
};

export function createTabSession({ tokens, broadcast, onSwitchUser }: Options): TabSession {
  const store = createStore<Session>({ state: "unknown" });
  const { get, subscribe } = store;
  const isSignedOut = () => get().state === "signed-out";

  function setSignedIn(user: User): void {
    const known = get();
    // A response that was overtaken must not bring back an older name.
    if (known.state === "signed-in" && known.user.id === user.id && known.user.updatedAt > user.updatedAt)
      return;
    sessionHint.write(true);
    store.set({ state: "signed-in", user });
  }

  function setSignedOut(reason: SignedOutReason): void {
    tokens.set(undefined);
    sessionHint.write(false);
    // The first reason stands.
    if (!isSignedOut()) store.set({ state: "signed-out", reason });
  }

  function setEnded(refusal: ProblemError): void {
    const wasSignedIn = get().state === "signed-in";
    const reason = isBanned(refusal) ? "account-banned" : "session-ended";
    setSignedOut(wasSignedIn || isBanned(refusal) ? reason : "none");
    if (wasSignedIn) broadcast({ type: "signed-out", reason });
  }

  function switchUser(): void {
    tokens.set(undefined);
    store.set({ state: "unknown" });
    onSwitchUser();
  }

  const userId = () => userIdOf(get());
  return { get, subscribe, userId, isSignedOut, setSignedIn, setSignedOut, setEnded, switchUser };
}

/** Applies a sign-in or sign-out of another tab. */
export function followTab(session: TabSession, message: TabMessage): void {
  if (message.type === "signed-out") session.setSignedOut(message.reason);
  if (message.type === "signed-in" && session.userId() !== message.userId) session.switchUser();
}

const userIdOf = (session: Session) => (session.state === "signed-in" ? session.user.id : undefined);
