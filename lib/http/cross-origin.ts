import type { Context } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "../app.js";
import { isOwnOrigin } from "./origins.js";

/** Lets the pages of APP_URL and CORS_ORIGINS call the API with the cookie, and no other page. */
export const crossOrigin = cors({
  origin: (origin, c: Context<AppEnv<"APP_URL">>) => (isOwnOrigin(origin, c.var.env) ? origin : null),
  credentials: true,
  allowMethods: ["GET", "POST", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-Id",
  ],
  exposeHeaders: [
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
