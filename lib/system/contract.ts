import * as z from "zod";
import { database, mail, operation } from "../contract.js";

const tag = "system";

export const health = operation({
  id: "health",
  method: "get",
  path: "/api/health",
  tag,
  summary: "Whether functions run",
  description: "Touches neither environment nor database.",
  auth: "none",
  trips: 0,
  needs: [],
  responses: {
    200: {
      description: "Alive",
      body: z
        .strictObject({
          status: z.literal("ok"),
          commit: z.string().nullable().meta({ description: "Commit that was deployed", example: null }),
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
  summary: "Whether the API can do its work",
  description:
    "Asks the database, and whether every migration is applied; 503 says in `detail` what is wrong.",
  auth: "none",
  trips: 1,
  needs: database,
  responses: {
    200: { description: "Ready", body: z.strictObject({ status: z.literal("ready") }).meta({ id: "Ready" }) },
  },
  problems: [],
});

export const deliverOutbox = operation({
  id: "deliverOutbox",
  method: "get",
  path: "/api/cron/outbox",
  tag,
  summary: "Send the mails that are due, and clear away what has expired",
  description:
    "Called by Vercel's cron, with `CRON_SECRET` as bearer token. Claims mails and answers; they are sent after the answer, and the log says how it went.",
  auth: "cron-secret",
  trips: 1,
  needs: [...mail, "CRON_SECRET"],
  responses: {
    200: {
      description: "Done",
      body: z
        .strictObject({
          claimed: z.int().meta({ example: 3 }),
          dead: z.int().meta({ description: "Given up", example: 0 }),
          purged: z.int().meta({ description: "Expired rows removed", example: 12 }),
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
  summary: "Public keys of access tokens",
  description: "A JWK set (RFC 7517). Every key that still verifies is in it.",
  auth: "none",
  trips: 0,
  needs: ["AUTH_SECRET"],
  responses: {
    200: {
      description: "The keys",
      headers: { "Cache-Control": { description: "How long to keep it", example: "public, max-age=300" } },
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
