import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { sessionCookie } from "./cookies.js";
import { readRefreshToken } from "./refresh-token.js";

/**
 * The header that clears the cookie of a session that has just ended. The request may carry the cookie of another
 * sign-in in the same browser, which stays.
 */
export function clearCookieOf(
  sessionId: string,
  headers: Headers,
  env: Env<"AUTH_SECRET" | "APP_URL">,
): { "Set-Cookie"?: string } {
  const token = readRefreshToken(keyRing(env.AUTH_SECRET), sessionCookie.read(headers, env));
  return token?.sessionId === sessionId ? { "Set-Cookie": sessionCookie.clear(env) } : {};
}
