import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type AppEnv, createApp, type EnvOf } from "../app.js";
import type { Operation } from "../contract.js";
import { variables } from "../env/variables.js";
import { EnvError } from "../env.js";
import type { WebhookGuard } from "../handle.js";
import { logEnvFaults } from "../http/environment.js";
import { Problem } from "../problem.js";
import { createClient } from "./resend.js";

type WebhookEnv = AppEnv<"RESEND_API_KEY"> & { Variables: WebhookGuard };

/** Like `createApp`, for operations that Resend calls: `handle` checks their signature. */
export function createAppWithWebhook<const Ops extends readonly Operation[]>(
  operations: "RESEND_API_KEY" extends EnvOf<Ops> ? Ops : never,
) {
  return createApp<Ops>(operations).use(
    createMiddleware<WebhookEnv>(async (c, next) => {
      c.set("requireSignature", () => requireSignature(c));
      await next();
    }),
  );
}

/**
 * Checks the signature over id, timestamp and raw body, as https://www.standardwebhooks.com specifies, and that the
 * timestamp is within five minutes.
 * @throws Problem `invalid-signature`, EnvError without a secret: a fault, so that Resend repeats the event later
 */
async function requireSignature({ req, var: { env } }: Context<WebhookEnv>): Promise<void> {
  const secret = env.RESEND_WEBHOOK_SECRET;
  if (secret === undefined) throw missingSecret();
  const { webhooks } = await createClient(env);
  const header = (name: string) => req.header(`svix-${name}`) ?? "";
  const headers = { id: header("id"), timestamp: header("timestamp"), signature: header("signature") };
  const payload = await req.text();
  try {
    webhooks.verify({ payload, headers, webhookSecret: secret });
  } catch (error) {
    // The SDK parses the body once the signature is right.
    throw new Problem(error instanceof SyntaxError ? "malformed-json" : "invalid-signature");
  }
}

let isReported = false;

function missingSecret(): EnvError {
  const name = "RESEND_WEBHOOK_SECRET";
  const { hint } = variables[name];
  const error = new EnvError([{ name, kind: "missing", why: "is missing", hint }]);
  if (!isReported) logEnvFaults(error);
  isReported = true;
  return error;
}
