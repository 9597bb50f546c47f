import createClient from "openapi-fetch";
import { unlessAborted } from "./abort.js";
import { createAccessTokens, type Held, hold, isOver, sessionEnded } from "./access-token.js";
import { openPaths } from "./open-paths.js";
import type { ProblemError } from "./problem-error.js";
import type { components, paths } from "./schema.js";
import type { Session, SignedOutReason, User } from "./session.js";
import { sessionHint } from "./session-hint.js";
import { createStore } from "./store.js";
import { openTabs } from "./tabs.js";
import { createTransport, type TransportOptions } from "./transport.js";
import { createUnderWay } from "./under-way.js";

export type LatchkeyOptions = TransportOptions & {
  /** Origin of the API; empty when the page has the same. */
  baseUrl?: string;
};

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
  // A request that arrived after a sign-out would be refused.
  const beforeSignOut = createUnderWay();
  const tabs = openTabs(`latchkey ${baseUrl}`, (message) => {
    if (message.type === "signed-out") leave(message.reason);
    else if (userIdOf(session.get()) !== message.userId) switchUser();
  });

  api.use({
    onRequest({ request, schemaPath }) {
      if (openPaths.includes(schemaPath)) return transport(request);
      const isCreate = request.method === "POST";
      if (isCreate && !request.headers.has("idempotency-key"))
        request.headers.set("idempotency-key", crypto.randomUUID());
      return beforeSignOut.add(authorized(request));
    },
  });

  /** Sends with the access token. A refusal is met with one refresh and one more try, never with a third. */
  async function authorized(request: Request): Promise<Response> {
    if (session.get().state === "signed-out") throw sessionEnded();
    const first = tokenFor(userIdOf(session.get()), tokens.current());
    const held = await unlessAborted(first, request.signal);
    try {
      return await transport(bearing(request, held));
    } catch (error) {
      if (!isOver(error) || session.get().state === "signed-out") throw error;
      const next = tokenFor(held.userId, tokens.after(held), error);
      return await transport(bearing(request, await unlessAborted(next, request.signal)));
    }
  }

  /** A token of this user's: who has signed in meanwhile is not to find done what another has asked for. */
  async function tokenFor(userId: string | undefined, token: Promise<Held>, refusal?: ProblemError) {
    const before = tokens.epoch();
    let held: Held;
    try {
      held = await token;
    } catch (error) {
      if (isOver(error) && tokens.epoch() === before) end(isBanned(refusal) ? refusal : error);
      throw error;
    }
    if (userId === undefined || held.userId === userId) return held;
    // The cookie became somebody else's, and no other tab has said so.
    if (userIdOf(session.get()) === userId) switchUser();
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
  function end(refusal: ProblemError): void {
    const known = session.get().state === "signed-in";
    const reason = isBanned(refusal) ? "account-banned" : "session-ended";
    leave(known || isBanned(refusal) ? reason : "none");
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
    const before = tokens.epoch();
    try {
      const user = await dataOf(api.GET("/api/auth/me"));
      if (tokens.epoch() === before) return enter(user);
    } catch (error) {
      if (tokens.epoch() === before && session.get().state !== "signed-out") throw error;
    }
    // Whoever signed in or out meanwhile has the last word.
    const now = session.get();
    if (now.state === "unknown") return whoAmI();
    return now.state === "signed-in" ? now.user : null;
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
      await tokens.settled();
      const { user, ...issued } = await dataOf(api.POST("/api/auth/login", { body }));
      tokens.set(hold(issued));
      enter(user);
      tabs.tell({ type: "signed-in", userId: user.id });
      return user;
    },

    /** After all calls under way. @throws ProblemError; then the session goes on, here and at the server */
    async signOut(): Promise<void> {
      await beforeSignOut.ended();
      // Who gave up a call did not end the refresh that it had asked for.
      await tokens.settled();
      await api.POST("/api/auth/logout");
      leave("signed-out");
      tabs.tell({ type: "signed-out", reason: "signed-out" });
    },

    /** For work of several calls, of which a sign-out is to wait for all. */
    beforeSignOut: beforeSignOut.add,
    close: tabs.close,
  };
}

const isBanned = (problem: ProblemError | undefined): problem is ProblemError =>
  problem?.code === "account-banned";

const userIdOf = (session: Session) => (session.state === "signed-in" ? session.user.id : undefined);

function bearing(request: Request, { token }: Held): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
