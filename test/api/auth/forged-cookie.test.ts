import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.js";
import { keyedHash } from "../../../lib/crypto/keyed-hash.js";
import { type KeyRing, keyRing } from "../../../lib/crypto/keys.js";
import { seal, uuidBytes } from "../../../lib/crypto/sealed-token.js";
import { authEnv } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { cookieValue, refreshWith } from "./cookies.js";

let stack: Stack;
let ada: TestUser;
let token: string;
let ring: KeyRing;
let sessionId: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  token = cookieValue(ada.client);
  ring = keyRing(authEnv(stack).AUTH_SECRET);
  const [row] = await stack.sql("select id from sessions where user_id = $1", [ada.id]);
  sessionId = String(row?.["id"]);
});
afterAll(() => stack.stop());

const cookieWith = (value: string) => `${sessionCookie.name(authEnv(stack))}=${value}`;

function withFlippedBit(position: number): string {
  const bytes = Buffer.from(token, "base64url");
  bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
  return bytes.toString("base64url");
}

/** Signed with the right key, but in another format version. */
function signedWithVersion(version: number): string {
  const payload = Buffer.concat([Buffer.from([version]), uuidBytes(sessionId), Buffer.alloc(4)]);
  return seal(payload, keyedHash(ring[0].refresh, payload));
}

/** A token of the session that base64 and base64url encode differently. */
function tokenWithUrlSafeCharacters(): string {
  for (let generation = 0; ; generation += 1) {
    const candidate = issueRefreshToken(ring, { sessionId, generation });
    if (/[-_]/.test(candidate)) return candidate;
  }
}

const forgeries: Record<string, () => string> = {
  "an empty value": () => "",
  garbage: () => "garbage",
  "characters that a cookie value may not contain": () => "\\{%00}%ff",
  "a token without its last character": () => token.slice(0, -1),
  "a token without its signature": () => token.slice(0, 28),
  "a token prefix": () => token.slice(0, 8),
  "a token with trailing characters": () => `${token}AAAA`,
  "a token with padding": () => `${token}=`,
  "a token in standard base64": () =>
    Buffer.from(tokenWithUrlSafeCharacters(), "base64url").toString("base64"),
  "a token in hex": () => Buffer.from(token, "base64url").toString("hex"),
  "a token with another version byte": () => withFlippedBit(0),
  "a token with another session id": () => withFlippedBit(8),
  "a token with another generation": () => withFlippedBit(20),
  "a token with an altered signature": () => withFlippedBit(40),
  "a signed token of version 2": () => signedWithVersion(2),
  "a token signed with another secret": () =>
    issueRefreshToken(keyRing([randomBytes(32).toString("base64url")]), { sessionId, generation: 0 }),
  "an access token": () => ada.token,
  "a link token": () => issueLinkToken(ring, "reset-password", sessionId),
  "a very long value": () => "A".repeat(6_000),
};

describe("POST /api/auth/refresh with a forged cookie", () => {
  // @proof forged-cookie-refused-without-query
  test.each(Object.keys(forgeries))(
    "rejects %s without a database query, and leaves the cookie alone",
    async (name) => {
      const forgery = forgeries[name]?.() ?? "";
      const { requests } = await stack.neon.stats(stack.databaseName);
      const response = await refreshWith(stack.client(), cookieWith(forgery));
      expect(response.code).toBe("session-ended");
      expect(response.setCookies).toEqual([]);
      expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
    },
  );

  test("ignores the real token under any other cookie name", async () => {
    const name = sessionCookie.name(authEnv(stack));
    for (const other of [name.toUpperCase(), `__Host-${name}`, `${name}2`, ` ${name} x`, "session"]) {
      const response = await refreshWith(stack.client(), `${other}=${token}`);
      expect(response.code).toBe("session-ended");
      expect(response.setCookies).toEqual([]);
    }
  });

  test("rejects a genuine cookie whose session no longer exists, and keeps it", async () => {
    const gone = issueRefreshToken(ring, { sessionId: crypto.randomUUID(), generation: 0 });
    const response = await refreshWith(stack.client(), cookieWith(gone));
    expect(response.code).toBe("session-ended");
    expect(response.setCookies).toEqual([]);
  });

  test("rejects a generation that was never issued", async () => {
    const future = issueRefreshToken(ring, { sessionId, generation: 7 });
    expect((await refreshWith(stack.client(), cookieWith(future))).code).toBe("session-ended");
  });

  test("leaves the real session alive after every forgery", async () => {
    const response = await stack.client().get("/api/auth/me", { token: ada.token });
    expect(response.status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });
});
