import * as z from "zod";
import type { EmailStore } from "./email-store.js";
import { type Route, readJson, sendEmpty, sendJson } from "./exchange.js";
import { type Faults, faultRule } from "./faults.js";
import { ResendError } from "./resend-error.js";
import type { Statistics } from "./send-routes.js";
import { eventRequest, sendEvent } from "./webhook.js";

const faultRules = z.union([faultRule.transform((rule) => [rule]), z.array(faultRule)]);

/** The server side of `createResendControl`. */
export function controlRoutes(store: EmailStore, faults: Faults, stats: Statistics): Route[] {
  return [
    {
      method: "POST",
      path: /^\/control\/faults$/,
      async handle({ request, response }) {
        const rules = faultRules.safeParse(await readJson(request));
        if (!rules.success) throw new ResendError(422, "validation_error", z.prettifyError(rules.error));
        rules.data.forEach(faults.inject);
        sendEmpty(response, 204);
      },
    },
    {
      method: "POST",
      path: /^\/control\/events$/,
      async handle({ request, response }) {
        const event = eventRequest.safeParse(await readJson(request));
        if (!event.success) throw new ResendError(422, "validation_error", z.prettifyError(event.error));
        const email = store.find(event.data.emailId);
        if (!email) throw new ResendError(404, "not_found", "This email does not exist.");
        sendJson(response, 200, { status: await sendEvent(event.data, email) });
      },
    },
    {
      method: "DELETE",
      path: /^\/control\/faults$/,
      handle({ response }) {
        faults.heal();
        sendEmpty(response, 204);
      },
    },
    {
      method: "GET",
      path: /^\/control\/stats$/,
      handle: ({ response }) => sendJson(response, 200, stats),
    },
    {
      method: "GET",
      path: /^\/control\/idempotency-keys$/,
      handle: ({ response }) => sendJson(response, 200, store.idempotencyKeys()),
    },
  ];
}
