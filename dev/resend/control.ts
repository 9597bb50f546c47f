import * as z from "zod";
import { Refusal, type Route, readJson, sendEmpty, sendJson } from "./exchange.js";
import { type Faults, faultRule } from "./faults.js";
import type { Stats } from "./sending.js";

const faultRules = z.union([faultRule.transform((rule) => [rule]), z.array(faultRule)]);

/** What tests steer and read the endpoint with. */
export function controlRoutes(faults: Faults, stats: Stats): Route[] {
  return [
    {
      method: "POST",
      path: /^\/control\/faults$/,
      async handle({ request, response }) {
        const rules = faultRules.safeParse(await readJson(request));
        if (!rules.success) throw new Refusal(422, "validation_error", z.prettifyError(rules.error));
        rules.data.forEach(faults.inject);
        sendEmpty(response, 204);
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
  ];
}
