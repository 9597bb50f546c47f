import { createAccessTokens } from "./access-tokens.js";
import { createApi, dataOf } from "./api.js";
import { createAuthorizedTransport } from "./authorized-transport.js";
import type { Latchkey, LatchkeyOptions } from "./client.js";
import { createCloseAccount } from "./close-account.js";
import { checkCookie } from "./cookie-check.js";
import { createCurrentUser } from "./current-user.js";
import { blobOf, createDownloadTransport } from "./download.js";
import { createPendingRequests } from "./pending-requests.js";
import type { components } from "./schema.js";
import type { User } from "./session.js";
import { createSessionChanges } from "./session-changes.js";
import { sessionHint } from "./session-hint.js";
import { createStepUpPrompt } from "./step-up-prompt.js";
import { readTokenResponse } from "./stored-token.js";
import { createTabSession, followTab } from "./tab-session.js";
import { openTabs } from "./tabs.js";
import { createTransport, type Transport, type TransportOptions } from "./transport.js";

type Login = components["schemas"]["Login"];
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

  async function downloadFrom(path: string, signal = new AbortController().signal): Promise<Blob> {
    const request = new Request(`${baseUrl}${path}`, { credentials: "include", signal });
    return blobOf(await download(request), signal);
  }

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
    downloadExport: (signal) => downloadFrom("/api/auth/export", signal),
    downloadTasks: (format, signal) => downloadFrom(`/api/tasks/export?format=${format}`, signal),
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
