import { errors, type JWTHeaderParameters, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import type { Role } from "../../db/schema/users.js";
import { userPseudonym } from "../crypto/keyed-hash.js";
import { type KeyRing, keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { bearerProblem, bearerToken, stepUpProblem } from "./challenge.js";
import { accessTokenSeconds, stepUp } from "./limits.js";
import { createVerifiedTokens } from "./verified-tokens.js";

const algorithm = "EdDSA";
const type = "at+jwt";

type TokenEnv = Pick<Env<"AUTH_SECRET" | "APP_URL">, "AUTH_SECRET" | "APP_URL">;
type Subject = { userId: string; sessionId: string; role: Role; authTime: string };

/** The claims of a verified token. The database checks the session, in the same round trip as the query. */
export type AccessClaims = {
  userId: string;
  sessionId: string;
  pseudonym: string;
  /** When the person last proved who they are, in seconds since 1970. */
  authTime: number;
};

/** The members of a response that carries an access token. Profile: RFC 9068. */
export async function issueAccessToken(env: TokenEnv, subject: Subject) {
  const [keys] = keyRing(env.AUTH_SECRET);
  const now = toSeconds(Date.now());
  const accessToken = await new SignJWT({
    sid: subject.sessionId,
    role: subject.role,
    auth_time: toSeconds(Date.parse(subject.authTime)),
  })
    .setProtectedHeader({ alg: algorithm, typ: type, kid: keys.kid })
    .setIssuer(env.APP_URL)
    .setAudience(env.APP_URL)
    .setSubject(subject.userId)
    .setIssuedAt(now)
    .setExpirationTime(now + accessTokenSeconds)
    .sign(keys.signing);
  return { accessToken, tokenType: "Bearer", expiresIn: accessTokenSeconds } as const;
}

const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

const claimsSchema = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  iat: z.int(),
  exp: z.int(),
  auth_time: z.int(),
});

const verifiedTokens = createVerifiedTokens<AccessClaims>();

/**
 * Verifies the token of an Authorization header without the database. Algorithm, type, issuer and audience are
 * pinned (RFC 8725).
 * @throws Problem `unauthenticated`
 */
export async function requireAccessToken(header: string | undefined, env: TokenEnv): Promise<AccessClaims> {
  const token = bearerToken(header);
  if (!token) throw bearerProblem("unauthenticated", header === undefined ? undefined : "invalid_token");
  const ring = keyRing(env.AUTH_SECRET);
  const trust = [env.APP_URL, ...ring.map(({ kid }) => kid)];
  const known = verifiedTokens.get(token, trust);
  if (known) return known;
  const { sub, sid, exp, auth_time } = await verify(token, ring, env.APP_URL);
  const pseudonym = userPseudonym(ring[0], sub);
  const claims = { userId: sub, sessionId: sid, pseudonym, authTime: auth_time };
  verifiedTokens.add(token, trust, claims, exp);
  return claims;
}

/**
 * Decides from the token alone, before the database checks the session. So the refusal costs no round trip, and reveals
 * neither whether the session lives nor which role its user has.
 * @throws Problem `step-up-required`
 */
export function requireRecentProof({ authTime }: Pick<AccessClaims, "authTime">): void {
  const ageSeconds = Date.now() / 1000 - authTime;
  if (ageSeconds < -stepUp.clockSkewSeconds || ageSeconds >= stepUp.maxAgeSeconds) throw stepUpProblem();
}

async function verify(token: string, ring: KeyRing, appUrl: string) {
  const keyOf = ({ kid }: JWTHeaderParameters) => {
    const keys = ring.find((candidate) => candidate.kid === kid);
    if (!keys) throw new errors.JWKSNoMatchingKey();
    return keys.verifying;
  };
  const options = { algorithms: [algorithm], issuer: appUrl, audience: appUrl, typ: type };
  try {
    const { payload } = await jwtVerify(token, keyOf, options);
    const claims = claimsSchema.safeParse(payload);
    if (claims.success) return claims.data;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
  }
  throw bearerProblem("unauthenticated", "invalid_token");
}
