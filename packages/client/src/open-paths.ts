import type { paths } from "./schema.js";

/** What answers without an access token. */
export const openPaths: readonly string[] = [
  "/api/auth/register",
  "/api/auth/verify-email",
  "/api/auth/resend-verification",
  "/api/auth/login",
  "/api/auth/refresh",
  "/api/auth/logout",
  "/api/auth/forgot-password",
  "/api/auth/reset-password",
  "/api/health",
  "/api/ready",
  "/.well-known/jwks.json",
] satisfies (keyof paths)[];
