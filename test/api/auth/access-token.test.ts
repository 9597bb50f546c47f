import { createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessTokenSeconds } from "../../../lib/auth/limits.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { authEnv } from "../../stack/seed.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { cookieValue } from "./cookies.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const keys = () => keyRing(authEnv(stack).AUTH_SECRET)[0];
const unknownExtension = "x-unknown";
const validHeader = () => ({ alg: "EdDSA", typ: "at+jwt", kid: keys().kid });

/** Signs the way the API does, apart from the given changes. */
function sign(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: Parameters<SignJWT["sign"]>[0] = keys().signing,
): Promise<string> {
  const payload = JSON.parse(JSON.stringify({ ...decodeJwt(ada.token), ...claims }));
  const merged = JSON.parse(JSON.stringify({ ...validHeader(), ...header }));
  return new SignJWT(payload).setProtectedHeader(merged).sign(key, { crit: { [unknownExtension]: true } });
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const parts = () => ada.token.split(".");
const nowSeconds = () => Math.floor(Date.now() / 1000);
const otherKeyPair = generateKeyPairSync("ed25519");

const badTokens: Record<string, () => string | Promise<string>> = {
  "an unsecured JWT (RFC 7519 section 6)": () =>
    `${base64url({ ...validHeader(), alg: "none" })}.${parts()[1]}.`,
  "an unsecured JWT that keeps the original signature": () =>
    `${base64url({ ...validHeader(), alg: "none" })}.${parts()[1]}.${parts()[2]}`,
  // RFC 9864 gives the same key and signature a second name. The API accepts only the first.
  "alg Ed25519 instead of EdDSA": () => sign({}, { alg: "Ed25519" }),
  "HS256 keyed with the public key bytes": () =>
    sign({}, { alg: "HS256" }, Buffer.from(keys().publicJwk.x, "base64url")),
  "HS256 keyed with the public key PEM": () => sign({}, { alg: "HS256" }, Buffer.from(publicPem())),
  "another key's signature under the API's kid": () => sign({}, {}, otherKeyPair.privateKey),
  "an embedded jwk": () =>
    sign(
      {},
      { jwk: otherKeyPair.publicKey.export({ format: "jwk" }), kid: undefined },
      otherKeyPair.privateKey,
    ),
  "an unknown kid": () => sign({}, { kid: "another" }),
  "no kid": () => sign({}, { kid: undefined }),
  "typ JWT": () => sign({}, { typ: "JWT" }),
  "no typ": () => sign({}, { typ: undefined }),
  "an unknown critical extension": () => sign({}, { crit: [unknownExtension], [unknownExtension]: 1 }),
  "another audience": () => sign({ aud: "https://other.example" }),
  "no audience": () => sign({ aud: undefined }),
  "another issuer": () => sign({ iss: "https://other.example" }),
  "no issuer": () => sign({ iss: undefined }),
  "an exp in the past": () => sign({ exp: nowSeconds() - 1 }),
  "no exp": () => sign({ exp: undefined }),
  "an exp that is not a number": () => sign({ exp: "tomorrow" }),
  "no auth_time": () => sign({ auth_time: undefined }),
  "no iat": () => sign({ iat: undefined }),
  "an nbf in the future": () => sign({ nbf: nowSeconds() + 600 }),
  "no subject": () => sign({ sub: undefined }),
  "a subject that is not an id": () => sign({ sub: "admin" }),
  "no session": () => sign({ sid: undefined }),
  "a session that is not an id": () => sign({ sid: "1' or '1'='1" }),
  "an altered payload": () =>
    [parts()[0], base64url({ ...decodeJwt(ada.token), role: "admin" }), parts()[2]].join("."),
  "a truncated signature": () => ada.token.slice(0, -4),
  "no signature": () => parts().slice(0, 2).join("."),
  "a fourth segment": () => `${ada.token}.e30`,
  "a refresh token": () => cookieValue(ada.client),
  garbage: () => "garbage",
  "three dots": () => "...",
  "a header that is not JSON": () => `${Buffer.from("{").toString("base64url")}.${parts()[1]}.${parts()[2]}`,
};

function publicPem(): string {
  const key = createPublicKey({ key: keys().publicJwk, format: "jwk" });
  return key.export({ format: "pem", type: "spki" }).toString();
}

describe("access tokens", () => {
  // @proof token-verifies-with-published-keys
  test("verify against the published JWKS and carry the claims of the session", async () => {
    const jwks = (await stack.client().get("/.well-known/jwks.json")).json;
    const url = String(stack.env["APP_URL"]);
    const { payload, protectedHeader } = await jwtVerify(ada.token, createLocalJWKSet(jwks), {
      issuer: url,
      audience: url,
      typ: "at+jwt",
      algorithms: ["EdDSA"],
    });
    expect(protectedHeader).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: jwks.keys[0].kid });
    const [session] = await stack.sql(
      "select id, floor(extract(epoch from created_at))::int as auth_time from sessions where user_id = $1",
      [ada.id],
    );
    expect(payload).toEqual({
      iss: url,
      aud: url,
      sub: ada.id,
      sid: session?.["id"],
      auth_time: session?.["auth_time"],
      role: "user",
      iat: expect.any(Number),
      exp: Number(payload.iat) + accessTokenSeconds,
    });
  });

  // @proof control-token-accepted
  test("GET /api/auth/me accepts a test-signed token, the control for the bad tokens below", async () => {
    const token = await sign();
    expect((await stack.client().get("/api/auth/me", { token })).status).toBe(200);
  });

  // @proof bad-token-refused-without-query
  test.each(Object.keys(badTokens))(
    "GET /api/auth/me rejects a bad token without a database query: %s",
    async (flaw) => {
      const token = String(await badTokens[flaw]?.());
      const { requests } = await stack.neon.stats(stack.databaseName);
      const response = await stack.client().get("/api/auth/me", { token });
      expect(response.code).toBe("unauthenticated");
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="latchkey", error="invalid_token"');
      expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
    },
  );

  // @proof role-claim-grants-nothing
  test("GET /api/admin/users ignores the role claim and trusts the database", async () => {
    const token = await sign({ role: "admin" });
    expect((await stack.client().get("/api/admin/users", { token })).code).toBe("forbidden");
  });

  test("GET /api/auth/me returns session-ended for an unknown session or another user's", async () => {
    const grace = await signUp(stack);
    for (const claims of [{ sid: decodeJwt(grace.token)["sid"] }, { sid: randomUUID() }, { sub: grace.id }]) {
      const response = await stack.client().get("/api/auth/me", { token: await sign(claims) });
      expect(response.code).toBe("session-ended");
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="latchkey", error="invalid_token"');
    }
  });
});

test("GET /api/auth/me rejects a previously accepted token once it expires", async () => {
  const exp = nowSeconds() + 3;
  const token = await sign({ exp });
  const me = () => stack.client().get("/api/auth/me", { token });
  while (nowSeconds() < exp - 1) {
    const { status } = await me();
    if (nowSeconds() < exp) expect(status).toBe(200);
  }
  await waitFor(() => (nowSeconds() >= exp ? true : undefined));
  const response = await me();
  expect([response.status, response.code]).toEqual([401, "unauthenticated"]);
});
