import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { Refusal } from "./exchange.js";

/**
 * `429`, `500`, `refuse` (connection reset) and `timeout` (no answer) accept nothing; `slow` accepts after `ms`;
 * `lost` accepts, and the connection ends without an answer. Without `times` a rule holds until healed,
 * `to` limits it to mails for that address.
 */
export const faultRule = z.strictObject({
  fault: z.enum(["429", "500", "timeout", "lost", "refuse", "slow"]),
  times: z.int().positive().optional(),
  to: z.string().optional(),
  ms: z.int().nonnegative().optional(),
});

export type FaultRule = z.infer<typeof faultRule>;

export type Faults = {
  inject(rule: FaultRule): void;
  heal(): void;
  /** The oldest rule that strikes a mail for these addresses; counts as used. */
  take(recipients: string[]): FaultRule | undefined;
};

export function createFaults(): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    inject(rule) {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    heal() {
      rules = [];
    },
    take(recipients) {
      const hit = rules.find(
        ({ rule, left }) => left > 0 && (!rule.to || recipients.includes(rule.to.toLowerCase())),
      );
      if (hit) hit.left -= 1;
      return hit?.rule;
    },
  };
}

/**
 * Plays the faults that strike before a mail is accepted. False when the connection is gone.
 * @throws Refusal for those that answer.
 */
export async function strikeBefore({ fault, ms }: FaultRule, response: ServerResponse): Promise<boolean> {
  switch (fault) {
    case "429": {
      const seconds = String(Math.max(1, Math.ceil((ms ?? 0) / 1000)));
      throw new Refusal(429, "rate_limit_exceeded", "Too many requests. Please slow down and try again.", {
        "retry-after": seconds,
        "ratelimit-limit": "2",
        "ratelimit-remaining": "0",
        "ratelimit-reset": seconds,
      });
    }
    case "500":
      throw new Refusal(500, "internal_server_error", "An unexpected error occurred.");
    case "refuse":
      response.socket?.resetAndDestroy();
      return false;
    case "timeout":
      await Promise.race([once(response, "close"), ...(ms === undefined ? [] : [sleep(ms)])]);
      response.destroy();
      return false;
    default:
      return true;
  }
}
