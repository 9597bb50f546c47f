import { createAccessTokens } from "./access-tokens.js";
import { type Api, createApi, dataOf } from "./api.js";
import { createAuthorizedTransport } from "./authorized-transport.js";
import { createCurrentUser } from "./current-user.js";
import { createPendingRequests } from "./pending-requests.js";
import type { components } from "./schema.js";
import type { Session, User } from "./session.js";
import { sessionHint } from "./session-hint.js";
import type { Store } from "./store.js";
import { readTokenResponse } from "./stored-token.js";
import { createTabSession, followTab } from "./tab-session.js";
import { openTabs } from "./tabs.js";
import { createTransport, type TransportOptions } from "./transport.js";

export type LatchkeyOptions = TransportOptions & {
  /** Origin of the API. Empty (the default) if the page has the same origin. */
  baseUrl?: string;
};

export type Latchkey = {
  /** The API, typed by its OpenAPI document. Adds the access token and, to creates, an Idempotency-Key. */
  api: Api;
  session: Pick<Store<Session>, "get" | "subscribe">;
  /** Looks up the user of the session cookie; null without a session. @throws ProblemError if the lookup fails */
  resume(): Promise<User | null>;
  /** @throws ProblemError */
  signIn(credentials: components["schemas"]["LoginRequest"]): Promise<User>;
  /** Waits for pending requests first. @throws ProblemError, and then the user stays signed in */
  signOut(): Promise<void>;
  /** Makes `signOut` wait for work that takes several requests. @returns the same promise */
  beforeSignOut<T>(work: Promise<T>): Promise<T>;
  /** Leaves the channel to the other tabs. */
  close(): void;
};

/** Connects a browser tab to the API and keeps its user signed in. Requests succeed or throw a ProblemError. */
export function createLatchkey({ baseUrl = "", ...options }: LatchkeyOptions = {}): Latchkey {
  const transport = createTransport(options);
  const tokens = createAccessTokens(transport, `${baseUrl}/api/auth/refresh`);
  const pending = createPendingRequests();
  const tabs = openTabs(`latchkey ${baseUrl}`, (message) => followTab(session, message));
  const onSwitchUser = () => currentUser.reload();
  const session = createTabSession({ tokens, broadcast: tabs.broadcast, onSwitchUser });
  const authorized = createAuthorizedTransport(transport, tokens, session);
  const api = createApi(baseUrl, transport, (request) => pending.track(authorized(request)));
  const currentUser = createCurrentUser(api, tokens, session);

  return {
    api,
    session: { get: session.get, subscribe: session.subscribe },
    async resume() {
      if (sessionHint.read()) return currentUser.load();
      session.setSignedOut("none");
      return null;
    },
    async signIn(credentials) {
      await tokens.refreshSettled();
      const response = await dataOf(api.POST("/api/auth/login", { body: credentials }));
      tokens.set(readTokenResponse(response));
      session.setSignedIn(response.user);
      tabs.broadcast({ type: "signed-in", userId: response.user.id });
      return response.user;
    },
    async signOut() {
      // The server would refuse a request that arrives after the sign-out.
      await pending.allSettled();
      // An aborted request is no longer pending, but the refresh it started may be.
      await tokens.refreshSettled();
      await api.POST("/api/auth/logout");
      session.setSignedOut("signed-out");
      tabs.broadcast({ type: "signed-out", reason: "signed-out" });
    },
    beforeSignOut: pending.track,
    close: tabs.close,
  };
}
