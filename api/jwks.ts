import { createApp } from "../lib/app.js";
import { keyRing } from "../lib/crypto/keys.js";
import { handle } from "../lib/handle.js";
import { jwks } from "../lib/system/contract.js";

const app = createApp([jwks]);

handle(app, jwks, async ({ env }) => ({
  status: 200,
  body: {
    keys: keyRing(env.AUTH_SECRET).map(({ publicJwk, kid }) => ({
      ...publicJwk,
      kid,
      alg: "EdDSA" as const,
      use: "sig" as const,
    })),
  },
  headers: { "Cache-Control": "public, max-age=300" },
}));

export default app;
