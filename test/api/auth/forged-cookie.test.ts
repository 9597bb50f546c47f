import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KeyRing, keyRing, mac } from "../../../lib/auth/keys.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { seal, uuidBytes } from "../../../lib/auth/opaque-token.js";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../../lib/auth/session-cookie.js";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieEnv, cookieValue, refreshWith, removesCookie } from "./cookies.js";

let stack: Stack;
let ada: Person;
let token: string;
let ring: KeyRing;
let sessionId: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  token = cookieValue(ada.client);
  ring = keyRing(String(stack.env["AUTH_SECRET"]).split(","));
  const [row] = await stack.sql("select id from sessions where user_id = $1", [ada.id]);
  sessionId = String(row?.["id"]);
});
afterAll(() => stack.stop());

const withName = (value: string) => `${sessionCookie.name(cookieEnv(stack))}=${value}`;

function flipped(position: number): string {
  const bytes = Buffer.from(token, "base64url");
  bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
  return bytes.toString("base64url");
}

/** Signed with the right key, but of a format that is not spoken here. */
function ofVersion(version: number): string {
  const payload = Buffer.concat([Buffer.from([version]), uuidBytes(sessionId), Buffer.alloc(4)]);
  return seal(payload, mac(ring[0].refresh, payload));
}

/** A token of the session that plain base64 spells in another way. */
function notPlain(): string {
  for (let generation = 0; ; generation += 1) {
    const candidate = issueRefreshToken(ring, { sessionId, generation });
    if (/[-_]/.test(candidate)) return candidate;
  }
}

const forgeries: Record<string, () => string> = {
  nothing: () => "",
  garbage: () => "garbage",
  "something that is no cookie value": () => "\\{%00}%ff",
  "a token without its last character": () => token.slice(0, -1),
  "a token without its signature": () => token.slice(0, 28),
  "the beginning of a token": () => token.slice(0, 8),
  "a token and more": () => `${token}AAAA`,
  "a token with padding": () => `${token}=`,
  "a token in the plain base64 alphabet": () => Buffer.from(notPlain(), "base64url").toString("base64"),
  "a token in hex": () => Buffer.from(token, "base64url").toString("hex"),
  "a token of another version": () => flipped(0),
  "a token of another session": () => flipped(8),
  "a token of another generation": () => flipped(20),
  "a token with another signature": () => flipped(40),
  "a signed token of version 2": () => ofVersion(2),
  "a token signed with another secret": () =>
    issueRefreshToken(keyRing([randomBytes(32).toString("base64url")]), { sessionId, generation: 0 }),
  "an access token": () => ada.token,
  "a link's token": () => issueLinkToken(ring, "reset-password", sessionId),
  "a very long value": () => "A".repeat(6_000),
};

describe("POST /api/auth/refresh with a forged cookie", () => {
  test.each(Object.keys(forgeries))(
    "refuses %s without a look at the database, and takes nothing away",
    async (what) => {
      const forgery = forgeries[what]?.() ?? "";
      const { requests } = await stack.neon.stats(stack.databaseName);
      const answer = await refreshWith(stack.client(), withName(forgery));
      expect(answer.code).toBe("session-ended");
      expect(answer.setCookies).toEqual([]);
      expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
    },
  );

  test("ignores the right token under any other name", async () => {
    const name = sessionCookie.name(cookieEnv(stack));
    for (const other of [name.toUpperCase(), `__Host-${name}`, `${name}2`, ` ${name} x`, "session"]) {
      const answer = await refreshWith(stack.client(), `${other}=${token}`);
      expect(answer.code).toBe("session-ended");
      expect(answer.setCookies).toEqual([]);
    }
  });

  test("takes away a cookie of ours whose session is no more", async () => {
    const gone = issueRefreshToken(ring, { sessionId: crypto.randomUUID(), generation: 0 });
    const answer = await refreshWith(stack.client(), withName(gone));
    expect(answer.code).toBe("session-ended");
    expect(removesCookie(answer)).toBe(true);
  });

  test("does not believe a generation that is yet to come", async () => {
    const future = issueRefreshToken(ring, { sessionId, generation: 7 });
    expect((await refreshWith(stack.client(), withName(future))).code).toBe("session-ended");
  });

  test("leaves the session alive after all of them", async () => {
    const answer = await stack.client().get("/api/auth/me", { token: ada.token });
    expect(answer.status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });
});
