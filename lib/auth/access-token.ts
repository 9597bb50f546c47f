import { sign as signBytes } from "node:crypto";
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from "jose";
import * as z from "../zod.js";
import { bearerProblem, bearerToken } from "./challenge.js";
import { type KeyRing, type Keys, keyRing, pseudonym } from "./keys.js";
import { accessTokenSeconds } from "./limits.js";

const algorithm = "EdDSA";
const type = "at+jwt";

type TokenEnv = { AUTH_SECRET: readonly string[]; APP_URL: string };
type Subject = { userId: string; sessionId: string; role: "user" | "admin"; authTime: string };

/** What a verified token says. Role and session are claims: the database decides in the same trip. */
export type AccessClaims = { userId: string; sessionId: string; ring: KeyRing; pseudonym: string };

/** The members of an answer that hands out an access token. Profile: RFC 9068. */
export function issueAccessToken(env: TokenEnv, subject: Subject) {
  const [keys] = keyRing(env.AUTH_SECRET);
  const now = inSeconds(Date.now());
  const accessToken = sign(keys, {
    iss: env.APP_URL,
    aud: env.APP_URL,
    sub: subject.userId,
    sid: subject.sessionId,
    role: subject.role,
    auth_time: inSeconds(Date.parse(subject.authTime)),
    iat: now,
    exp: now + accessTokenSeconds,
  });
  return { accessToken, tokenType: "Bearer", expiresIn: accessTokenSeconds } as const;
}

/**
 * A JWS in its compact form (RFC 7515 section 7.1). jose, which reads what others send, would sign on another thread:
 * that takes twice the CPU time of the signature, a tenth of a refresh.
 */
function sign({ kid, signing }: Keys, claims: JWTPayload): string {
  const header: JWTHeaderParameters = { alg: algorithm, typ: type, kid };
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const input = parts.join(".");
  return `${input}.${signBytes(null, Buffer.from(input), signing).toString("base64url")}`;
}

const inSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

const claimShape = z.object({ sub: z.uuid(), sid: z.uuid(), iat: z.int(), exp: z.int() });

/**
 * What has been verified stays true until it expires, and a signature is a tenth of a cheap request's CPU time. The
 * key holds all that a verification depends on. The session is looked at in the database each time all the same.
 */
const verified = new Map<string, { claims: AccessClaims; exp: number }>();
const mostVerified = 1_000;

/**
 * Verifies the header's token without the database. Algorithm, type, issuer and audience are pinned (RFC 8725).
 * @throws Problem `unauthenticated`
 */
export async function requireAccessToken(header: string | undefined, env: TokenEnv): Promise<AccessClaims> {
  const token = bearerToken(header);
  if (!token) throw bearerProblem("unauthenticated", header === undefined ? undefined : "invalid_token");
  const ring = keyRing(env.AUTH_SECRET);
  const key = [env.APP_URL, ...ring.map(({ kid }) => kid), token].join(" ");
  const known = verified.get(key);
  if (known && known.exp > inSeconds(Date.now())) return known.claims;
  const keyOf = ({ kid }: JWTHeaderParameters) => {
    const keys = ring.find((candidate) => candidate.kid === kid);
    if (!keys) throw new errors.JWKSNoMatchingKey();
    return keys.verifying;
  };
  try {
    const options = { algorithms: [algorithm], issuer: env.APP_URL, audience: env.APP_URL, typ: type };
    const { payload } = await jwtVerify(token, keyOf, options);
    const shape = claimShape.safeParse(payload);
    if (!shape.success) throw bearerProblem("unauthenticated", "invalid_token");
    const { sub, sid, exp } = shape.data;
    const claims = { userId: sub, sessionId: sid, ring, pseudonym: pseudonym(ring[0], "user", sub) };
    remember(key, { claims, exp });
    return claims;
  } catch (error) {
    throw error instanceof errors.JOSEError ? bearerProblem("unauthenticated", "invalid_token") : error;
  }
}

function remember(key: string, entry: { claims: AccessClaims; exp: number }): void {
  const [oldest] = verified.keys();
  if (verified.size >= mostVerified && oldest !== undefined) verified.delete(oldest);
  verified.set(key, entry);
}
