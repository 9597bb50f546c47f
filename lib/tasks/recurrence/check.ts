import type { Due, Recurrence } from "../shapes.js";
import { matchesFrom } from "./expand.js";
import { parseRule, type Rule } from "./rule.js";

/** A rule, or the reason for refusing it. */
export type CheckedRule = { rule: Rule } | { message: string };

/** Reads the rule of a request. `due`: the due date that it starts from, if that is known. */
export function checkRule({ rule: text }: NonNullable<Recurrence>, due: Due | undefined): CheckedRule {
  const parsed = parseRule(text);
  if (!parsed.ok) return { message: parsed.message };
  if (due && !matchesFrom(parsed.rule, due.date))
    return { message: "must match a date from the due date on" };
  return { rule: parsed.rule };
}
