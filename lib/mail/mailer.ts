import { createMiddleware } from "hono/factory";
import { openDatabase } from "../../db/client.js";
import { type AppEnv, createApp, type EnvOf } from "../app.js";
import { runAfterResponse } from "../background.js";
import type { emailEnv, Operation } from "../contract.js";
import type { Env } from "../env.js";
import { outboxLimits } from "./limits.js";
import { deliver } from "./outbox.js";
import type { LeasedEmail } from "./queries.js";

type EmailEnv = Env<(typeof emailEnv)[number]>;

export type Mailer = {
  /**
   * Sends these emails after the response, then a few that earlier failures left in the outbox. If the run
   * fails, the rows become due again when their lease expires.
   */
  sendLater(...emails: readonly (LeasedEmail | null)[]): void;
};

function createMailer(env: EmailEnv, requestId: string): Mailer {
  return {
    sendLater(...emails) {
      const run = async () => {
        // One database per call: the sends between calls may take longer than a request's deadline.
        const open = () => openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
        const leased = emails.filter((email) => email !== null);
        await deliver({ open, env, requestId, untilMs: Date.now() + outboxLimits.runMs }, leased);
      };
      runAfterResponse({ name: "outbox", requestId, run });
    },
  };
}

type MailerEnv = { Variables: { mailer: Mailer } };

/** Not assignable, so that the compiler's message says what to do. */
type SendingOperations<Ops extends readonly Operation[]> =
  "RESEND_API_KEY" extends EnvOf<Ops>
    ? Ops
    : Ops & "An operation that sends email needs `env: emailEnv` in its contract.";

/** Like `createApp`, for operations that may send email: their handlers get a `mailer`. */
export function createAppWithMailer<const Ops extends readonly Operation[]>(
  operations: SendingOperations<Ops>,
) {
  return createApp<Ops>(operations).use(
    createMiddleware<AppEnv<(typeof emailEnv)[number]> & MailerEnv>(async (c, next) => {
      c.set("mailer", createMailer(c.var.env, c.var.requestId));
      await next();
    }),
  );
}
