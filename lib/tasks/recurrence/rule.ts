import { ruleLength } from "../limits.js";
import { canMatch } from "./expand.js";
import { type RuleParts, readParts } from "./rule-parts.js";

/** A validated rule, in the subset of RFC 5545 that tasks support. */
export type Rule = {
  frequency: RuleParts["FREQ"];
  interval: number;
  weekdays: RuleParts["BYDAY"];
  monthDays: readonly number[];
  months: readonly number[];
  positions: readonly number[];
  /** 0 is Monday. */
  weekStart: number;
  count: number | null;
  /** The last possible date. */
  until: string | null;
};

type Parsed = { ok: true; rule: Rule } | { ok: false; message: string };

const refused = (message: string): Parsed => ({ ok: false, message });

/**
 * Parses the value of an RRULE (RFC 5545 section 3.3.10), such as `FREQ=MONTHLY;BYDAY=-1FR`: parts in any order and any
 * case, each at most once. UNTIL must be a date, because a time in UTC falls on different dates in different time zones.
 */
export function parseRule(text: string): Parsed {
  if (text.length > ruleLength) return refused(`must have at most ${ruleLength} characters`);
  const values = valuesIn(text);
  if (!values) return refused("must be parts such as FREQ=WEEKLY;BYDAY=MO, each at most once");
  const parts = readParts(values);
  if (typeof parts === "string") return refused(parts);
  const fault = conflictIn(parts);
  if (fault) return refused(fault);
  const rule = ruleOf(parts);
  return canMatch(rule) ? { ok: true, rule } : refused("must match at least one date");
}

/** The values of the parts by name; null if the text is not a list of parts. */
function valuesIn(text: string): Record<string, string> | null {
  // Beyond ASCII, `toUpperCase` can produce ASCII letters: the dotless i becomes I.
  if (!/^[a-z\d=;,+-]+$/i.test(text)) return null;
  const parts = text
    .toUpperCase()
    .split(";")
    .map((part) => part.split("="));
  const names = new Set(parts.map(([name]) => name));
  const isWellFormed = parts.every((part) => part.length === 2 && !part.includes(""));
  return isWellFormed && names.size === parts.length ? Object.fromEntries(parts) : null;
}

function conflictIn({ FREQ, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, COUNT, UNTIL }: RuleParts): string | null {
  if (COUNT !== null && UNTIL !== null) return "must have COUNT or UNTIL, not both";
  if (FREQ !== "MONTHLY" && BYDAY.some(({ ordinal }) => ordinal !== null))
    return "must have numbers in BYDAY only with FREQ=MONTHLY";
  // RFC 5545 forbids this combination.
  if (FREQ === "WEEKLY" && BYMONTHDAY.length > 0) return "must not have BYMONTHDAY with FREQ=WEEKLY";
  if (BYSETPOS.length > 0 && [BYDAY, BYMONTHDAY, BYMONTH].every(({ length }) => length === 0))
    return "must have BYSETPOS only with BYDAY, BYMONTHDAY or BYMONTH";
  return null;
}

const ruleOf = (parts: RuleParts): Rule => ({
  frequency: parts.FREQ,
  interval: parts.INTERVAL,
  weekdays: parts.BYDAY,
  monthDays: parts.BYMONTHDAY,
  months: parts.BYMONTH,
  positions: parts.BYSETPOS,
  weekStart: parts.WKST,
  count: parts.COUNT,
  until: parts.UNTIL,
});
