import { decodeJwt } from "jose";
import { expect } from "vitest";
import type { EmailKind } from "../../db/schema/outbox.js";
import type { SecurityEventKind } from "../../db/schema/security-events.js";
import { sessionCookie } from "../../lib/auth/cookies.js";
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

type ModelAccount = { id: string; isBanned: boolean };

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
  /** The kinds that the history and the outbox must hold, in order. */
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

/** The response signed the browser in. */
export function startSession(world: World, browser: Browser, { json }: ApiResponse): void {
  const { sid, sub } = decodeJwt(json.accessToken);
  endSession(world, browser);
  world.account ??= { id: String(sub), isBanned: false };
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

export const newestLink = async ({ stack, account }: World, purpose: string): Promise<string | undefined> => {
  const [link] = await stack.sql(
    "select id from links where user_id = $1 and purpose = $2 order by created_at desc, id desc limit 1",
    [account?.id, purpose],
  );
  return link && String(link["id"]);
};

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
    expect((await stranger.post("/api/auth/refresh", undefined, { cookie })).status).toBe(refusal);
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
  const sent = await stack.sql(
    "select kind from outbox where user_id = $1 and recipient is not null order by created_at, id",
    [id],
  );
  expect(sent.map(({ kind }) => kind)).toEqual(notices);
}
