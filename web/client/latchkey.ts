import createClient from "openapi-fetch";
import { createAccessTokens, type Held, hold, isOver, sessionEnded } from "./access-token.js";
import type { components, paths } from "./schema.js";
import type { Session, SignedOutReason, User } from "./session.js";
import { sessionHint } from "./session-hint.js";
import { createStore } from "./store.js";
import { openTabs } from "./tabs.js";
import { createTransport, type TransportOptions } from "./transport.js";

export type LatchkeyOptions = TransportOptions & {
  /** Origin of the API; empty when the page has the same. */
  baseUrl?: string;
};

/** They work without an access token. */
const open: readonly string[] = [
  "/api/auth/register",
  "/api/auth/verify-email",
  "/api/auth/resend-verification",
  "/api/auth/login",
  "/api/auth/refresh",
  "/api/auth/logout",
  "/api/auth/forgot-password",
  "/api/auth/reset-password",
  "/api/health",
  "/api/ready",
] satisfies (keyof paths)[];

/** The data of a call. @throws ProblemError */
export async function dataOf<T>(call: Promise<{ data?: T | undefined }>): Promise<NonNullable<T>> {
  // A call that is no success has thrown: see `api`.
  return (await call).data as NonNullable<T>;
}

export type Latchkey = ReturnType<typeof createLatchkey>;

/** A browser's line to the API: it keeps somebody signed in, and each call succeeds or throws a ProblemError. */
export function createLatchkey({ baseUrl = "", ...options }: LatchkeyOptions = {}) {
  const transport = createTransport(options);
  const tokens = createAccessTokens(transport, `${baseUrl}/api/auth/refresh`);
  const session = createStore<Session>({ state: "unknown" });
  const api = createClient<paths>({ baseUrl, credentials: "include" });
  let asking: Promise<User | null> | undefined;
  const tabs = openTabs(`latchkey ${baseUrl}`, (message) => {
    if (message.type === "signed-out") leave(message.reason);
    else if (userIdOf(session.get()) !== message.userId) switchUser();
  });

  api.use({
    onRequest({ request, schemaPath }) {
      if (open.includes(schemaPath)) return transport(request);
      const isCreate = request.method === "POST";
      if (isCreate && !request.headers.has("idempotency-key"))
        request.headers.set("idempotency-key", crypto.randomUUID());
      return authorized(request);
    },
  });

  /** Sends with the access token. A refusal is met with one refresh and one more try, never with a third. */
  async function authorized(request: Request): Promise<Response> {
    if (session.get().state === "signed-out") throw sessionEnded();
    const held = await freshToken(tokens.current());
    try {
      return await transport(bearing(request, held));
    } catch (error) {
      if (!isOver(error)) throw error;
      const reason = error.code === "account-banned" ? error.code : "session-ended";
      const next = await freshToken(tokens.after(held), reason);
      return await transport(bearing(request, next));
    }
  }

  async function freshToken(refreshed: Promise<Held>, reason: SignedOutReason = "session-ended") {
    const userId = userIdOf(session.get());
    try {
      const held = await refreshed;
      if (userId === undefined || held.userId === userId) return held;
    } catch (error) {
      if (isOver(error) && userId === userIdOf(session.get())) end(reason);
      throw error;
    }
    // Another tab has signed in as somebody else: what this call was about is not theirs to do.
    switchUser();
    throw sessionEnded();
  }

  function switchUser(): void {
    tokens.set(undefined);
    session.set({ state: "unknown" });
    asking = undefined;
    // Who could not be read stays unknown, and the next call tries again.
    whoAmI().catch(() => {});
  }

  function enter(user: User): User {
    sessionHint.write(true);
    session.set({ state: "signed-in", user });
    return user;
  }

  function leave(reason: SignedOutReason): void {
    tokens.set(undefined);
    sessionHint.write(false);
    const { state } = session.get();
    if (state !== "signed-out") session.set({ state: "signed-out", reason });
  }

  /** The cookie is dead, so the other tabs are signed out as well. */
  function end(reason: SignedOutReason): void {
    const known = session.get().state === "signed-in";
    leave(known || reason === "account-banned" ? reason : "none");
    if (known) tabs.tell({ type: "signed-out", reason });
  }

  function whoAmI(): Promise<User | null> {
    const asked = asking ?? askWho();
    asking = asked;
    return asked.finally(() => {
      if (asking === asked) asking = undefined;
    });
  }

  async function askWho(): Promise<User | null> {
    try {
      return enter(await dataOf(api.GET("/api/auth/me")));
    } catch (error) {
      if (session.get().state === "signed-out") return null;
      throw error;
    }
  }

  return {
    /** Typed by the OpenAPI document. Calls that need it carry the access token; creates an Idempotency-Key. */
    api,
    session: { get: session.get, subscribe: session.subscribe },
    /** Who is signed in in this browser, if anybody. @throws ProblemError when that cannot be found out now */
    async resume(): Promise<User | null> {
      if (sessionHint.read()) return whoAmI();
      leave("none");
      return null;
    },

    async signIn(body: components["schemas"]["LoginRequest"]): Promise<User> {
      const { user, ...issued } = await dataOf(api.POST("/api/auth/login", { body }));
      tokens.set(hold(issued));
      enter(user);
      tabs.tell({ type: "signed-in", userId: user.id });
      return user;
    },

    /** @throws ProblemError; then the session goes on, here and at the server */
    async signOut(): Promise<void> {
      await api.POST("/api/auth/logout");
      leave("signed-out");
      tabs.tell({ type: "signed-out", reason: "signed-out" });
    },

    close: tabs.close,
  };
}

const userIdOf = (session: Session) => (session.state === "signed-in" ? session.user.id : undefined);

function bearing(request: Request, { token }: Held): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
