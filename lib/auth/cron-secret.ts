import { createHash } from "node:crypto";
import { equalBytes } from "../crypto/keyed-hash.js";
import { bearerProblem, bearerToken } from "./challenge.js";

/** @throws Problem `unauthenticated` unless the bearer token is the secret that Vercel's cron sends. */
export function requireCronSecret(header: string | undefined, secret: string): void {
  const token = bearerToken(header) ?? "";
  // Hashed first, so that the comparison does not reveal the length either.
  const digest = (value: string) => createHash("sha256").update(value).digest();
  if (!equalBytes(digest(token), digest(secret))) throw bearerProblem("unauthenticated", "invalid_token");
}
