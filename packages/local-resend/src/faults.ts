import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { ResendError } from "./resend-error.js";

export const faultRule = z.strictObject({
  /**
   * Without accepting the email: `429` and `500` respond with that status (`429` asks for a pause of `ms`, at least a
   * second), `daily-quota` and `monthly-quota` respond with the 429 of a spent quota, `refuse` resets the connection, `timeout`
   * never responds (with `ms`, it closes the connection after that time).
   * Accepting the email: `slow` responds after `ms` (3000 by default), `lost` closes the connection instead.
   */
  fault: z.enum(["429", "500", "daily-quota", "monthly-quota", "timeout", "lost", "refuse", "slow"]),
  /** Number of requests to affect. Without it, the rule applies until it is removed. */
  times: z.int().positive().optional(),
  /** Affects only emails to this address. */
  to: z.string().optional(),
  ms: z.int().nonnegative().optional(),
});

export type FaultRule = z.infer<typeof faultRule>;

export type Faults = {
  inject(rule: FaultRule): void;
  heal(): void;
  /** Returns the oldest rule that applies to one of these addresses, and counts one use of it. */
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
 * Applies the faults that keep an email from being accepted.
 * @returns whether to continue; false when it closed the connection.
 * @throws ResendError for the faults that respond with an error.
 */
export async function applyFault({ fault, ms }: FaultRule, response: ServerResponse): Promise<boolean> {
  switch (fault) {
    case "429": {
      const seconds = String(Math.max(1, Math.ceil((ms ?? 0) / 1000)));
      throw new ResendError(
        429,
        "rate_limit_exceeded",
        "Too many requests. Please slow down and try again.",
        {
          "retry-after": seconds,
          "ratelimit-limit": "2",
          "ratelimit-remaining": "0",
          "ratelimit-reset": seconds,
        },
      );
    }
    case "daily-quota":
      throw new ResendError(429, "daily_quota_exceeded", "You have reached your daily email sending quota.");
    case "monthly-quota":
      throw new ResendError(
        429,
        "monthly_quota_exceeded",
        "You have reached your monthly email sending quota.",
      );
    case "500":
      throw new ResendError(500, "internal_server_error", "An unexpected error occurred.");
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
