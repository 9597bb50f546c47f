import type { Due, Recurrence } from "../shapes.js";
import { matchesFrom } from "./expand.js";
import { parseRule, type Rule } from "./rule.js";

/** A valid rule, or why it was refused. */
export type CheckedRule = { rule: Rule } | { message: string };

/** Parses and checks the rule of a request. `due`: the due date that the series starts on, if it is known. */
export function checkRule({ rule: text }: NonNullable<Recurrence>, due: Due | undefined): CheckedRule {
  const parsed = parseRule(text);
  if (!parsed.ok) return { message: parsed.message };
  if (due && !matchesFrom(parsed.rule, due.date))
    return { message: "must match the due date or a later date" };
  return { rule: parsed.rule };
}
