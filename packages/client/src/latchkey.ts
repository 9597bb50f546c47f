import { createAccessTokens } from "./access-tokens.js";
import { type Api, createApi, dataOf } from "./api.js";
import { createAuthorizedTransport } from "./authorized-transport.js";
import { createCloseAccount } from "./close-account.js";
import { checkCookie } from "./cookie-check.js";
import { createCurrentUser } from "./current-user.js";
import { blobOf, createDownloadTransport } from "./download.js";
import { createPendingRequests } from "./pending-requests.js";
import type { components } from "./schema.js";
import type { Session, User } from "./session.js";
import { createSessionChanges } from "./session-changes.js";
import { sessionHint } from "./session-hint.js";
import { createStepUpPrompt, type OnStepUp } from "./step-up-prompt.js";
import type { Store } from "./store.js";
import { readTokenResponse } from "./stored-token.js";
import { createTabSession, followTab } from "./tab-session.js";
import { openTabs } from "./tabs.js";
import { createTransport, type Transport, type TransportOptions } from "./transport.js";

type Login = components["schemas"]["Login"];
type AccountChange = components["schemas"]["PatchMeRequest"];
type PasswordChange = components["schemas"]["ChangePasswordRequest"];

export type LatchkeyOptions = TransportOptions & {
  /** Origin of the API. Empty (the default) if the page has the same origin. */
  baseUrl?: string;
  /**
   * Called when a request needs a recent proof. Once it resolves to true, the request is sent again. Without it, the
   * request throws `step-up-required`.
   */
  onStepUp?: OnStepUp;
};

export type Latchkey = {
  /** The API, typed by its OpenAPI document. Adds the access token and, to creates, an Idempotency-Key. */
  api: Api;
  session: Pick<Store<Session>, "get" | "subscribe">;
  /**
   * Looks up the user of the session cookie; null without a session. In a browser that seems to have no session, it
   * returns null immediately and asks the server in the background. @throws ProblemError if the lookup fails
   */
  resume(): Promise<User | null>;
  /** @throws ProblemError */
  signIn(credentials: components["schemas"]["LoginRequest"]): Promise<User>;
  /** Confirms the email address of a sign-up, which also signs in. @throws ProblemError */
  confirmEmail(confirmation: components["schemas"]["VerifyEmailRequest"]): Promise<User>;
  /** Changes the account; `session` shows the change in all tabs. @throws ProblemError */
  changeAccount(change: AccountChange): Promise<User>;
  /**
   * Proves that the user is present, for requests that are refused with `step-up-required`. A wrong password throws
   * `wrong-password`, and the user stays signed in. @throws ProblemError
   */
  stepUp(password: string): Promise<void>;
  /**
   * Changes the password, which ends the other sessions of the user. All tabs of this browser stay signed in.
   * @throws ProblemError, such as `wrong-password` with a message at `/currentPassword`
   */
  changePassword(change: PasswordChange): Promise<void>;
  /** Confirms a new address of an account; `session` shows it in all tabs if it is the user's. @throws ProblemError */
  confirmNewEmail(confirmation: components["schemas"]["ConfirmNewEmailRequest"]): Promise<void>;
  /**
   * Gives pending writes two seconds (`writeGraceSeconds`) and aborts all other requests, which then throw
   * `session-ended`. @throws ProblemError, and then the user stays signed in
   */
  signOut(): Promise<void>;
  /**
   * Closes the account, which signs out all tabs. `purgeAt`: when it is deleted; null if the response of an earlier
   * attempt was lost. @throws ProblemError
   */
  closeAccount(): Promise<{ purgeAt: string | null }>;
  /** All data of the account, as JSON. Breaks off with `network` rather than being incomplete. @throws ProblemError */
  downloadExport(signal?: AbortSignal): Promise<Blob>;
  /** Gives work that takes several requests the same two seconds before a sign-out. @returns the same promise */
  beforeSignOut<T>(work: Promise<T>): Promise<T>;
  /** Leaves the channel to the other tabs. */
  close(): void;
};

/** Connects a browser tab to the API and keeps its user signed in. Requests succeed or throw a ProblemError. */
export function createLatchkey({ baseUrl = "", onStepUp, ...options }: LatchkeyOptions = {}): Latchkey {
  const transport = createTransport(options);
  const pending = createPendingRequests();
  const tabs = openTabs(`latchkey ${baseUrl}`, (message) => {
    changes.follow(message);
    followTab(session, message);
    if (message.type === "user-changed" && message.userId === session.userId()) currentUser.reload();
  });
  const changes = createSessionChanges(tabs.broadcast);
  const tokens = createAccessTokens(transport, `${baseUrl}/api/auth/refresh`, changes);
  const onSwitchUser = () => currentUser.reload();
  const session = createTabSession({ tokens, broadcast: tabs.broadcast, onSwitchUser });
  const prompt = createStepUpPrompt(onStepUp, session);
  const authorized = createAuthorizedTransport(transport, tokens, session, prompt);
  const api = createApi(baseUrl, transport, pending.track(authorized));
  const currentUser = createCurrentUser(api, tokens, session);
  /** For requests that replace the cookie of the session. They wait for the access token before the change begins. */
  const createCookieApi = (send: Transport) => {
    const change: Transport = (request) => changes.run(() => send(request));
    return createApi(
      baseUrl,
      send,
      pending.track(createAuthorizedTransport(change, tokens, session, prompt)),
    );
  };
  const cookieApi = createCookieApi(transport);
  const download = pending.track(
    createAuthorizedTransport(createDownloadTransport(options), tokens, session, prompt),
  );
  const endAs = (reason: "signed-out" | "account-closed") => {
    session.setSignedOut(reason);
    tabs.broadcast({ type: "signed-out", reason });
    pending.abort();
  };

  const startSession = (send: () => Promise<{ data?: Login | undefined }>): Promise<User> =>
    changes.run(async () => {
      const response = await dataOf(send());
      tokens.set(readTokenResponse(response));
      session.setSignedIn(response.user);
      tabs.broadcast({ type: "signed-in", userId: response.user.id });
      return response.user;
    });

  return {
    api,
    session: { get: session.get, subscribe: session.subscribe },
    async resume() {
      if (sessionHint.read() || session.get().state !== "unknown") return currentUser.load();
      session.setSignedOut("none");
      void checkCookie({ transport, userUrl: `${baseUrl}/api/auth/me`, tokens, changes, session });
      return null;
    },
    signIn: (body) => startSession(() => api.POST("/api/auth/login", { body })),
    confirmEmail: (body) => startSession(() => api.POST("/api/auth/verify-email", { body })),
    async changeAccount(body) {
      const user = await dataOf(api.PATCH("/api/auth/me", { body }));
      if (session.userId() === user.id) session.setSignedIn(user);
      tabs.broadcast({ type: "user-changed", userId: user.id });
      return user;
    },
    async stepUp(password) {
      const startEpoch = tokens.epoch();
      const response = await dataOf(api.POST("/api/auth/step-up", { body: { password } }));
      tokens.renew(readTokenResponse(response), startEpoch);
    },
    async changePassword(body) {
      const startEpoch = tokens.epoch();
      const response = await dataOf(cookieApi.POST("/api/auth/change-password", { body }));
      tokens.renew(readTokenResponse(response), startEpoch);
    },
    async confirmNewEmail(body) {
      await dataOf(api.POST("/api/auth/confirm-email", { body }));
      const userId = session.userId();
      if (userId === undefined) return;
      currentUser.reload();
      tabs.broadcast({ type: "user-changed", userId });
    },
    async signOut() {
      await pending.finish();
      await changes.run(async () => {
        // A closed tab still sends a `keepalive` request.
        await api.POST("/api/auth/logout", { keepalive: true });
        endAs("signed-out");
      });
    },
    closeAccount: createCloseAccount({
      createApi: (onRetry) =>
        createCookieApi(createTransport({ ...options, onWait: watched(options, onRetry) })),
      session,
      onClosed: () => endAs("account-closed"),
    }),
    async downloadExport(signal = new AbortController().signal) {
      const response = await download(
        new Request(`${baseUrl}/api/auth/export`, { credentials: "include", signal }),
      );
      return blobOf(response, signal);
    },
    beforeSignOut: pending.trackWork,
    close: tabs.close,
  };
}

const watched =
  ({ onWait }: TransportOptions, onRetry: () => void) =>
  (seconds: number) => {
    onRetry();
    onWait?.(seconds);
  };
