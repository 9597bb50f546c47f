// Generated from openapi.json by `npm run generate`. Do not edit.

/** Paths that need no access token. */
export const openPaths: readonly string[] = [
  "/.well-known/jwks.json",
  "/api/auth/confirm-email",
  "/api/auth/forgot-password",
  "/api/auth/login",
  "/api/auth/logout",
  "/api/auth/not-me",
  "/api/auth/refresh",
  "/api/auth/register",
  "/api/auth/resend-verification",
  "/api/auth/reset-password",
  "/api/auth/restore",
  "/api/auth/verify-email",
  "/api/feed/{file}",
  "/api/health",
  "/api/ready",
  "/api/webhooks/resend",
];
