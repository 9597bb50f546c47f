import type { Env } from "../env.js";
import { emailBudgetLimits } from "./limits.js";

/** One share of one budget. `name` identifies both. */
export type EmailWindow = {
  name: string;
  window: "hour" | "day";
  seconds: number;
  /** Whether it limits the reserved kinds, which may spend the whole budget, or the others. */
  isReserved: boolean;
  /** Emails of all kinds that the window may contain once an email of this share is sent. */
  allowed: number;
};

type BudgetEnv = Pick<Env<never>, "EMAILS_PER_HOUR" | "EMAILS_PER_DAY">;

export function emailWindows(env: BudgetEnv): EmailWindow[] {
  const budgets = [
    { window: "hour", seconds: 3600, total: env.EMAILS_PER_HOUR },
    { window: "day", seconds: 86_400, total: env.EMAILS_PER_DAY },
  ] as const;
  return budgets.flatMap(({ window, seconds, total }) => [
    { name: window, window, seconds, isReserved: false, allowed: openShare(total) },
    { name: `${window}-reserve`, window, seconds, isReserved: true, allowed: total },
  ]);
}

/** Never zero, so that a tiny budget still confirms addresses. */
export const openShare = (total: number): number =>
  total - Math.floor(total * emailBudgetLimits.reservedShare);
