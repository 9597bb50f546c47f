import * as z from "zod";
import { databaseEnv, emailEnv, operation } from "../contract.js";

const tag = "system";

export const health = operation({
  id: "health",
  method: "get",
  path: "/api/health",
  tag,
  summary: "Check that functions run",
  description: "Liveness: reads no variable and makes no database call.",
  auth: "none",
  trips: 0,
  env: [],
  responses: {
    200: {
      description: "Alive",
      body: z
        .strictObject({
          status: z.literal("ok"),
          commit: z.string().nullable().meta({ description: "The deployed commit", example: null }),
          time: z.iso.datetime().meta({ example: "2026-11-23T15:04:05.123Z" }),
        })
        .meta({ id: "Health" }),
    },
  },
  problems: [],
});

export const ready = operation({
  id: "ready",
  method: "get",
  path: "/api/ready",
  tag,
  summary: "Check that the API can serve requests",
  description:
    "Readiness: queries the database and checks that every migration is applied. The log says what a 503 is about.",
  auth: "none",
  trips: 1,
  env: databaseEnv,
  responses: {
    200: {
      description: "Ready",
      headers: {
        "Cache-Control": { description: "How long Vercel's cache responds", example: "public, s-maxage=5" },
      },
      body: z.strictObject({ status: z.literal("ready") }).meta({ id: "Ready" }),
    },
  },
  problems: [],
});

export const deliverOutbox = operation({
  id: "deliverOutbox",
  method: "get",
  path: "/api/cron/outbox",
  tag,
  summary: "Send due emails and purge expired rows",
  description:
    "Called by Vercel's cron, with `CRON_SECRET` as bearer token. Leases due emails and responds. They are sent after the response, and the log records each outcome.",
  auth: "cron-secret",
  trips: 1,
  env: [...emailEnv, "CRON_SECRET"],
  responses: {
    200: {
      description: "Done",
      body: z
        .strictObject({
          claimed: z.int().meta({ description: "Emails leased for sending", example: 3 }),
          dead: z.int().meta({ description: "Emails given up", example: 0 }),
          purged: z.int().meta({ description: "Expired rows deleted", example: 12 }),
        })
        .meta({ id: "OutboxRun" }),
    },
  },
  problems: [],
});

export const jwks = operation({
  id: "jwks",
  method: "get",
  path: "/.well-known/jwks.json",
  tag,
  summary: "Read the public keys of access tokens",
  description: "A JWK set (RFC 7517) of every key that verifies.",
  auth: "none",
  trips: 0,
  env: ["AUTH_SECRET"],
  responses: {
    200: {
      description: "The keys",
      headers: {
        "Cache-Control": { description: "How long to cache the keys", example: "public, max-age=300" },
      },
      body: z
        .strictObject({
          keys: z.array(
            z.strictObject({
              kty: z.literal("OKP"),
              crv: z.literal("Ed25519"),
              x: z.string().meta({
                description: "The public key, base64url",
                example: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
              }),
              kid: z.string().meta({ example: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" }),
              alg: z.literal("EdDSA"),
              use: z.literal("sig"),
            }),
          ),
        })
        .meta({ id: "JwkSet" }),
    },
  },
  problems: [],
});
