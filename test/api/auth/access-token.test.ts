import { createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyRing } from "../../../lib/auth/keys.js";
import { accessTokenSeconds } from "../../../lib/auth/limits.js";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import { cookieValue } from "./cookies.js";

let stack: Stack;
let ada: Person;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const keys = () => keyRing(String(stack.env["AUTH_SECRET"]).split(","))[0];
const unknownExtension = "x-unheard-of";
const goodHeader = () => ({ alg: "EdDSA", typ: "at+jwt", kid: keys().kid });

/** As the API would sign it, but for the changes. */
function sign(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: Parameters<SignJWT["sign"]>[0] = keys().signing,
): Promise<string> {
  const payload = JSON.parse(JSON.stringify({ ...decodeJwt(ada.token), ...claims }));
  const merged = JSON.parse(JSON.stringify({ ...goodHeader(), ...header }));
  return new SignJWT(payload).setProtectedHeader(merged).sign(key, { crit: { [unknownExtension]: true } });
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const parts = () => ada.token.split(".");
const now = () => Math.floor(Date.now() / 1000);
const stranger = generateKeyPairSync("ed25519");

const refused: Record<string, () => string | Promise<string>> = {
  "alg none, without a signature": () => `${base64url({ ...goodHeader(), alg: "none" })}.${parts()[1]}.`,
  "alg none, with the old signature": () =>
    `${base64url({ ...goodHeader(), alg: "none" })}.${parts()[1]}.${parts()[2]}`,
  // RFC 9864: the same key and the same signature by another name.
  "alg Ed25519, which is not the one that is pinned": () => sign({}, { alg: "Ed25519" }),
  "HS256 with the public key's bytes": () =>
    sign({}, { alg: "HS256" }, Buffer.from(keys().publicJwk.x, "base64url")),
  "HS256 with the public key in PEM": () => sign({}, { alg: "HS256" }, Buffer.from(publicPem())),
  "the signature of another key under our kid": () => sign({}, {}, stranger.privateKey),
  "a key that the token brings itself": () =>
    sign({}, { jwk: stranger.publicKey.export({ format: "jwk" }), kid: undefined }, stranger.privateKey),
  "an unknown kid": () => sign({}, { kid: "another" }),
  "no kid": () => sign({}, { kid: undefined }),
  "the type JWT": () => sign({}, { typ: "JWT" }),
  "no type": () => sign({}, { typ: undefined }),
  "a critical extension": () => sign({}, { crit: [unknownExtension], [unknownExtension]: 1 }),
  "another audience": () => sign({ aud: "https://other.example" }),
  "no audience": () => sign({ aud: undefined }),
  "another issuer": () => sign({ iss: "https://other.example" }),
  "no issuer": () => sign({ iss: undefined }),
  "an end in the past": () => sign({ exp: now() - 1 }),
  "no end": () => sign({ exp: undefined }),
  "an end that is text": () => sign({ exp: "tomorrow" }),
  "no time of issue": () => sign({ iat: undefined }),
  "a beginning in the future": () => sign({ nbf: now() + 600 }),
  "no subject": () => sign({ sub: undefined }),
  "a subject that is no id": () => sign({ sub: "admin" }),
  "no session": () => sign({ sid: undefined }),
  "a session that is no id": () => sign({ sid: "1' or '1'='1" }),
  "an altered payload": () =>
    [parts()[0], base64url({ ...decodeJwt(ada.token), role: "admin" }), parts()[2]].join("."),
  "a cut signature": () => ada.token.slice(0, -4),
  "no signature": () => parts().slice(0, 2).join("."),
  "a part too many": () => `${ada.token}.e30`,
  "a refresh token": () => cookieValue(ada.client),
  garbage: () => "garbage",
  "three dots": () => "...",
  "JSON that is none": () => `${Buffer.from("{").toString("base64url")}.${parts()[1]}.${parts()[2]}`,
};

function publicPem(): string {
  const key = createPublicKey({ key: keys().publicJwk, format: "jwk" });
  return key.export({ format: "pem", type: "spki" }).toString();
}

describe("an access token", () => {
  test("is verified by anyone with the published keys, and says whose login it is", async () => {
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

  test("made like ours passes: what is refused below is refused for its change", async () => {
    const token = await sign();
    expect((await stack.client().get("/api/auth/me", { token })).status).toBe(200);
  });

  test.each(Object.keys(refused))("with %s is refused without a look at the database", async (what) => {
    const token = String(await refused[what]?.());
    const { requests } = await stack.neon.stats(stack.databaseName);
    const answer = await stack.client().get("/api/auth/me", { token });
    expect(answer.code).toBe("unauthenticated");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="latchkey", error="invalid_token"');
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test("grants no role by its claim: the database decides", async () => {
    const token = await sign({ role: "admin" });
    expect((await stack.client().get("/api/admin/users", { token })).code).toBe("forbidden");
  });

  test("with a session of somebody else, or of nobody, is session-ended", async () => {
    const grace = await signUp(stack);
    for (const claims of [{ sid: decodeJwt(grace.token)["sid"] }, { sid: randomUUID() }, { sub: grace.id }]) {
      const answer = await stack.client().get("/api/auth/me", { token: await sign(claims) });
      expect(answer.code).toBe("session-ended");
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="latchkey", error="invalid_token"');
    }
  });
});

describe("Authorization", () => {
  const me = (headers: Record<string, string>) => stack.client().get("/api/auth/me", { headers });

  test("names its scheme in any case (RFC 9110 section 11.1)", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      expect((await me({ authorization: `${scheme} ${ada.token}` })).status).toBe(200);
    }
  });

  test("that is absent is challenged without an error (RFC 6750 section 3.1)", async () => {
    const answer = await me({});
    expect(answer.code).toBe("unauthenticated");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="latchkey"');
  });

  test.each([
    ["another scheme", () => `Basic ${Buffer.from("ada:pw").toString("base64")}`],
    ["the token alone", () => ada.token],
    ["the scheme alone", () => "Bearer"],
    ["two tokens", () => `Bearer ${ada.token} ${ada.token}`],
    ["two lists", () => `Bearer ${ada.token}, Bearer ${ada.token}`],
    ["a quoted token", () => `Bearer "${ada.token}"`],
  ])("with %s is refused", async (_what, authorization) => {
    const answer = await me({ authorization: authorization() });
    expect(answer.code).toBe("unauthenticated");
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("is the only place for a token", async () => {
    const answer = await stack.client().get(`/api/auth/me?access_token=${ada.token}`);
    expect(answer.code).toBe("unauthenticated");
  });
});

test("a token that was accepted is refused once it has expired", async () => {
  const exp = now() + 3;
  const token = await sign({ exp });
  const me = () => stack.client().get("/api/auth/me", { token });
  while (now() < exp - 1) expect((await me()).status).toBe(200);
  await waitFor(() => (now() >= exp ? true : undefined));
  const answer = await me();
  expect([answer.status, answer.code]).toEqual([401, "unauthenticated"]);
});
