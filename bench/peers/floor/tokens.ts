import { createHash, randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

// With a CryptoKey, jose does not import the secret on every call.
const key = await crypto.subtle.importKey(
  "raw",
  Buffer.from(process.env["AUTH_SECRET"] ?? "", "base64url"),
  { name: "HMAC", hash: "SHA-256" },
  false,
  ["sign", "verify"],
);

export const newToken = (): string => randomBytes(32).toString("base64url");

/** In the hex format of `bytea`, which both drivers can send as text. */
export const digest = (token: string): string => `\\x${createHash("sha256").update(token).digest("hex")}`;

export const signAccess = (userId: string): Promise<string> =>
  new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject(userId).setExpirationTime("15m").sign(key);

/** Returns the user's id, or null for a missing or invalid token. */
export async function readAccess(header: string | undefined): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(header?.replace("Bearer ", "") ?? "", key, { algorithms: ["HS256"] });
    return payload.sub ?? null;
  } catch {
    return null;
  }
}
