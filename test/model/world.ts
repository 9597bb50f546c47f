import { decodeJwt } from "jose";
import { expect } from "vitest";
import type { LinkPurpose } from "../../db/schema/links.js";
import type { EmailKind } from "../../db/schema/outbox.js";
import type { SecurityEventKind } from "../../db/schema/security-events.js";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { keyRing } from "../../lib/crypto/keys.js";
import type { ApiResponse, Client } from "../stack/client.js";
import { authEnv, seedUser } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";
import type { TestUser } from "../stack/users.js";

/** A session that works, as the model expects it. */
type ModelSession = {
  id: string;
  token: string;
  isProofFresh: boolean;
  /** The refresh tokens since the last change of the password, the oldest first. The last one is current. */
  cookies: string[];
};

/** A browser of the owner or of the thief: a cookie jar and, while it is signed in, a session. */
export type Browser = { client: Client; session: ModelSession | null; isKnownDevice: boolean };

export type ModelAccount = {
  id: string;
  isBanned: boolean;
  isClosed: boolean;
  /** "This wasn't me" has voided the password. */
  isPasswordVoid: boolean;
  /** "This wasn't me" keeps the address from changing. */
  isFrozen: boolean;
  /** The addresses from before the changes that can be undone, the oldest first. */
  previousEmails: string[];
  /** Whether a notice has reported an unknown browser since the last "This wasn't me". */
  isBrowserReported: boolean;
};

/** The account, its browsers and its mailbox, as they should be. */
export type World = {
  stack: Stack;
  admin: TestUser;
  email: string;
  password: string;
  /** Null: not confirmed yet. */
  account: ModelAccount | null;
  browsers: Browser[];
  /** Access tokens and cookies that must never work again. */
  ended: Pick<ModelSession, "token" | "cookies">[];
  /** The kinds that the history must hold, in order, and the outbox in any order. */
  events: SecurityEventKind[];
  notices: EmailKind[];
};

export const browserCount = 3;

export async function createWorld(stack: Stack, email: string, password: string): Promise<World> {
  const browsers = Array.from({ length: browserCount }, () => ({
    client: stack.client(),
    session: null,
    isKnownDevice: false,
  }));
  return {
    stack,
    admin: await seedUser(stack, { role: "admin" }),
    email,
    password,
    account: null,
    browsers,
    ended: [],
    events: [],
    notices: [],
  };
}

const cookieOf = ({ client }: Browser, { stack }: World): string =>
  client.cookies.get(sessionCookie.name(authEnv(stack))) ?? "";

export const tokenOf = ({ session }: Browser) => ({ token: session?.token ?? "" });

/** The response signed the browser in. */
export function startSession(world: World, browser: Browser, { json }: ApiResponse): void {
  const { sid, sub } = decodeJwt(json.accessToken);
  endSession(world, browser);
  world.account ??= {
    id: String(sub),
    isBanned: false,
    isClosed: false,
    isPasswordVoid: false,
    isFrozen: false,
    previousEmails: [],
    isBrowserReported: false,
  };
  browser.session = {
    id: String(sid),
    token: json.accessToken,
    isProofFresh: true,
    cookies: [cookieOf(browser, world)],
  };
  browser.isKnownDevice = true;
  world.events.push("login");
}

/** The session of the browser, if it has one, must never work again. */
export function endSession(world: World, browser: Browser): void {
  if (browser.session) world.ended.push(browser.session);
  browser.session = null;
}

export const endSessions = (world: World, ends: (browser: Browser) => boolean = () => true): void =>
  world.browsers.filter(ends).forEach((browser) => {
    endSession(world, browser);
  });

/** The response renewed the access token of the browser, and maybe its cookie. */
export function renewSession(world: World, browser: Browser, { json }: ApiResponse): void {
  const { session } = browser;
  if (!session) throw new Error("only a session can be renewed");
  session.token = json.accessToken;
  const cookie = cookieOf(browser, world);
  if (session.cookies.at(-1) !== cookie) session.cookies.push(cookie);
}

/** The account of a step that needs one. */
export function accountOf({ account }: World): ModelAccount {
  if (!account) throw new Error("needs an account");
  return account;
}

export const ringOf = ({ stack }: World) => keyRing(authEnv(stack).AUTH_SECRET);

type ModelLink = { token: string; isUsed: boolean; email: string | null };

/** The newest link of a purpose, as the last email carries it. */
export async function newestLink(world: World, purpose: LinkPurpose): Promise<ModelLink | undefined> {
  const [link] = await world.stack.sql(
    `select id, used_at, email from links where user_id = $1 and purpose = $2
      order by created_at desc, id desc limit 1`,
    [accountOf(world).id, purpose],
  );
  if (!link) return undefined;
  return {
    token: issueLinkToken(ringOf(world), purpose, String(link["id"])),
    isUsed: link["used_at"] !== null,
    email: link["email"] === null ? null : String(link["email"]),
  };
}

/** Nobody's browser is known any more. */
export function forgetBrowsers({ browsers }: World): void {
  for (const browser of browsers) browser.isKnownDevice = false;
}

/** Expects that nothing that has ended works, that what lives works, and that every change has its event and notice. */
export async function expectInvariants(world: World): Promise<void> {
  const { stack, account, ended, browsers } = world;
  const name = sessionCookie.name(authEnv(stack));
  const stranger = stack.client();
  const refusal = account?.isBanned ? 403 : 401;
  for (const { token, cookies } of ended) {
    const refused = await stranger.get("/api/auth/me", { token, cookie: "" });
    expect([refused.status, refused.setCookies], "an ended session").toEqual([refusal, []]);
    const cookie = `${name}=${cookies.at(-1)}`;
    expect((await stranger.post("/api/auth/refresh", undefined, { cookie })).status).toBe(401);
  }
  for (const { session } of browsers) {
    if (!session) continue;
    expect((await stranger.get("/api/auth/me", { token: session.token })).status, "a live session").toBe(200);
  }
  if (account) await expectRecords(world, account);
}

async function expectRecords({ stack, events, notices }: World, { id }: ModelAccount): Promise<void> {
  const history = await stack.sql("select kind from security_events where user_id = $1 order by seq", [id]);
  expect(history.map(({ kind }) => kind)).toEqual(events);
  const sent = await stack.sql("select kind from outbox where user_id = $1 and recipient is not null", [id]);
  expect(sent.map(({ kind }) => kind).sort()).toEqual([...notices].sort());
}
