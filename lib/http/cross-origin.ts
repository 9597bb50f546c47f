import { cors } from "hono/cors";
import { isTrustedOrigin } from "./origins.js";

/** Lets the pages of APP_URL and CORS_ORIGINS call the API with the cookie, and no other page. */
export const crossOrigin = cors({
  origin: (origin) => (isTrustedOrigin(origin) ? origin : null),
  credentials: true,
  allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-Id",
  ],
  exposeHeaders: [
    "Content-Disposition",
    "ETag",
    "Location",
    "Idempotent-Replayed",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
  ],
  maxAge: 600,
});
