import { database, mail, operation } from "../contract.js";
import * as z from "../zod.js";

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
      body: z.doc(
        z.strictObject({
          status: z.literal("ok"),
          commit: z.doc(z.nullable(z.string()), { description: "Commit that was deployed", example: null }),
          time: z.doc(z.iso.datetime(), { example: "2026-11-23T15:04:05.123Z" }),
        }),
        { id: "Health" },
      ),
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
    200: {
      description: "Ready",
      body: z.doc(z.strictObject({ status: z.literal("ready") }), { id: "Ready" }),
    },
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
      body: z.doc(
        z.strictObject({
          claimed: z.doc(z.int(), { example: 3 }),
          dead: z.doc(z.int(), { description: "Given up", example: 0 }),
          purged: z.doc(z.int(), { description: "Expired rows removed", example: 12 }),
        }),
        { id: "OutboxRun" },
      ),
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
      body: z.doc(
        z.strictObject({
          keys: z.array(
            z.strictObject({
              kty: z.literal("OKP"),
              crv: z.literal("Ed25519"),
              x: z.doc(z.string(), {
                description: "The public key, base64url",
                example: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
              }),
              kid: z.doc(z.string(), { example: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" }),
              alg: z.literal("EdDSA"),
              use: z.literal("sig"),
            }),
          ),
        }),
        { id: "JwkSet" },
      ),
    },
  },
  problems: [],
});
