import { createHash } from "node:crypto";
import { bearerProblem, bearerToken } from "./challenge.js";
import { equalBytes } from "./keys.js";

/** @throws Problem `unauthenticated` unless the bearer token is the secret that Vercel's cron sends. */
export function requireCronSecret(header: string | undefined, secret: string): void {
  const token = bearerToken(header) ?? "";
  // Hashed first: the comparison then tells nothing of the length either.
  const digest = (value: string) => createHash("sha256").update(value).digest();
  if (!equalBytes(digest(token), digest(secret))) throw bearerProblem("unauthenticated", "invalid_token");
}
