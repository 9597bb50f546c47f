import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type AppEnv, createApp } from "../app.js";
import type { Operation } from "../contract.js";
import { variables } from "../env/variables.js";
import { EnvError } from "../env.js";
import type { WebhookGuard } from "../handle.js";
import { logEnvFaults } from "../http/environment.js";
import { Problem } from "../problem.js";

type WebhookEnv = AppEnv & { Variables: WebhookGuard };

/** Like `createApp`, for operations that Resend calls: `handle` checks their signature. */
export function createAppWithWebhook<const Ops extends readonly Operation[]>(operations: Ops) {
  return createApp<Ops>(operations).use(
    createMiddleware<WebhookEnv>(async (c, next) => {
      c.set("requireSignature", () => requireSignature(c));
      await next();
    }),
  );
}

/**
 * Checks the signature over id, timestamp and raw body, as https://www.standardwebhooks.com specifies, and that the
 * timestamp is within five minutes. Resend's SDK does the same, but would put this code into every function that
 * sends email.
 * @throws Problem `invalid-signature`, EnvError without a secret: a fault, so that Resend repeats the event later
 */
async function requireSignature({ req, var: { env } }: Context<WebhookEnv>): Promise<void> {
  const secret = env.RESEND_WEBHOOK_SECRET;
  if (secret === undefined) throw missingSecret();
  const { Webhook } = await import("standardwebhooks");
  // Resend uses the header names of Svix.
  const headers = Object.fromEntries(
    ["id", "timestamp", "signature"].map((name) => [`webhook-${name}`, req.header(`svix-${name}`) ?? ""]),
  );
  const body = await req.text();
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
  } catch {
    throw new Problem("invalid-signature");
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
