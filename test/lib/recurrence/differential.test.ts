import fc from "fast-check";
import { RRuleTemporal } from "rrule-temporal";
import { expect, test } from "vitest";
import { nextDate } from "../../../lib/tasks/recurrence/expand.js";
import { parseRule } from "../../../lib/tasks/recurrence/rule.js";

const dayMs = 24 * 60 * 60 * 1000;
const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

const listOf = (item: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(item, { minLength: 1, maxLength }).map((items) => items.join(","));
const signed = (largest: number) =>
  fc.tuple(fc.constantFrom("", "-"), fc.integer({ min: 1, max: largest })).map((parts) => parts.join(""));
const optionally = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(
    values.map((value) => `;${name}=${value}`),
    { nil: "" },
  );

/** Random rules of the subset. Some of them never match. */
const ruleText = fc.constantFrom("DAILY", "WEEKLY", "MONTHLY", "YEARLY").chain((frequency) => {
  const ordinal = frequency === "MONTHLY" ? fc.oneof(fc.constant(""), signed(5)) : fc.constant("");
  const weekday = fc.tuple(ordinal, fc.constantFrom(...weekdays)).map((parts) => parts.join(""));
  const never = fc.constant("");
  return fc
    .tuple(
      fc.constant(`FREQ=${frequency}`),
      optionally("INTERVAL", fc.integer({ min: 1, max: 6 }).map(String)),
      optionally("BYMONTH", listOf(fc.integer({ min: 1, max: 12 }).map(String), 4)),
      frequency === "WEEKLY" ? never : optionally("BYMONTHDAY", listOf(signed(31), 6)),
      optionally("BYDAY", listOf(weekday, 5)),
      optionally("BYSETPOS", listOf(signed(frequency === "YEARLY" ? 60 : 7), 3)),
      optionally("WKST", fc.constantFrom(...weekdays)),
      fc.oneof(
        never,
        fc.constant(";UNTIL=20351231"),
        fc.integer({ min: 1, max: 12 }).map((n) => `;COUNT=${n}`),
      ),
    )
    .map((parts) => parts.join(""));
});
const firstStart = "1996-01-01";
const startDate = fc
  .integer({ min: Date.parse(firstStart) / dayMs, max: Date.UTC(2034, 0) / dayMs })
  .map((day) => new Date(day * dayMs).toISOString().slice(0, 10));

/** Beyond this date, the other library takes seconds, or throws. */
const horizon = "2050-01-01";

/** Up to nine dates, and "end" if the series ends; null if the text is not a rule. */
function ours(text: string, start: string): string[] | null {
  const parsed = parseRule(text);
  if (!parsed.ok) return null;
  const dates = [start];
  while (dates.length < 9) {
    const date = nextDate(parsed.rule, start, dates.at(-1) ?? start);
    if (date === null) return [...dates, "end"];
    if (date > horizon) return dates;
    dates.push(date);
  }
  return dates;
}

const givesUp = "Maximum iterations";
/** Enough iterations to reach the horizon day by day. */
const maxIterations = (Date.parse(horizon) - Date.parse(firstStart)) / dayMs + 1;

/**
 * The dates by rrule-temporal, which shares no code with ours. It computes with instants in UTC, where clocks never change.
 * @returns null if it gives up before it has found `length` dates
 */
function theirs(text: string, start: string, length: number): string[] | null {
  const untilInstant = text.replace(/(?<=UNTIL=\d{8})/, "T000000Z");
  const rruleString = `DTSTART:${start.replaceAll("-", "")}T000000Z\nRRULE:${untilInstant}`;
  const rule = new RRuleTemporal({ rruleString, includeDtstart: true, maxIterations });
  const dates: string[] = [];
  // Returning false stops it before it searches beyond the last date.
  const takeDate = (date: { toString(): string }) => dates.push(date.toString().slice(0, 10)) < length;
  try {
    rule.all(takeDate);
    return dates.length < length ? [...dates, "end"] : dates;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(givesUp)) return null;
    throw error;
  }
}

test("rrule-temporal 2.2.8 finds the same dates, and the same end of a series", () => {
  fc.assert(
    fc.property(ruleText, startDate, (text, start) => {
      const dates = ours(text, start);
      fc.pre(dates !== null && dates.length > 1);
      const others = theirs(text, start, dates.length);
      // It cannot confirm that a rule never matches again. If it finds a date, the comparison fails.
      fc.pre(others !== null || dates.at(-1) !== "end");
      expect(others, `${text} from ${start}`).toEqual(dates);
    }),
    { numRuns: 1_000 },
  );
});
