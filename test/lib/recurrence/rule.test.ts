import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ruleLength } from "../../../lib/tasks/limits.js";
import { parseRule } from "../../../lib/tasks/recurrence/rule.js";

const messageOf = (text: string) => {
  const parsed = parseRule(text);
  return parsed.ok ? "accepted" : parsed.message;
};

test("a rule has the values of its parts, in any order and case, without duplicates", () => {
  const text =
    "byday=+1mo,-1FR,1MO;BYSETPOS=1,-1,01;wkst=su;bymonth=02,12;BYMONTHDAY=-31,+1;freq=monthly;INTERVAL=2";
  expect(parseRule(`${text};UNTIL=20261231`)).toEqual({
    ok: true,
    rule: {
      frequency: "MONTHLY",
      interval: 2,
      weekdays: [
        { ordinal: 1, weekday: 0 },
        { ordinal: -1, weekday: 4 },
      ],
      monthDays: [-31, 1],
      months: [2, 12],
      positions: [1, -1],
      weekStart: 6,
      count: null,
      until: "2026-12-31",
    },
  });
});

test("a rule needs only FREQ", () => {
  expect(parseRule("FREQ=DAILY")).toEqual({
    ok: true,
    rule: {
      frequency: "DAILY",
      interval: 1,
      weekdays: [],
      monthDays: [],
      months: [],
      positions: [],
      weekStart: 0,
      count: null,
      until: null,
    },
  });
});

test.each([
  "FREQ=DAILY;INTERVAL=1000",
  "FREQ=DAILY;COUNT=1000",
  "FREQ=WEEKLY;COUNT=0007",
  "FREQ=MONTHLY;BYDAY=5MO,-5SU",
  "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
  "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366",
  "FREQ=WEEKLY;UNTIL=20240229",
  `FREQ=MONTHLY;BYMONTHDAY=${Array.from({ length: 31 }, (_, day) => `${day + 1},-${day + 1}`)}`,
])("%s is a rule", (text) => {
  expect(messageOf(text)).toBe("accepted");
});

describe("a refusal explains the rule that was broken", () => {
  test.each([
    ["", "must be parts such as"],
    [" FREQ=DAILY", "must be parts such as"],
    ["RRULE:FREQ=DAILY", "must be parts such as"],
    ["FREQ=DAILY;", "must be parts such as"],
    ["FREQ=DAILY;;COUNT=2", "must be parts such as"],
    ["FREQ", "must be parts such as"],
    ["FREQ=", "must be parts such as"],
    ["=DAILY", "must be parts such as"],
    ["FREQ=DAILY=DAILY", "must be parts such as"],
    ["FREQ=DAILY;FREQ=DAILY", "must be parts such as"],
    ["FREQ=DAILY;COUNT=2;count=3", "must be parts such as"],
    ["FREQ=DAıLY", "must be parts such as"],
    ["FREQ=DAILY\n", "must be parts such as"],
    ["INTERVAL=2", "must have FREQ="],
    ["FREQ=HOURLY", "must have FREQ="],
    ["FREQ=SECONDLY", "must have FREQ="],
    ["FREQ=DAILY,WEEKLY", "must have FREQ="],
    ["FREQ=DAILY;BYHOUR=9", "must have only FREQ, INTERVAL"],
    ["FREQ=YEARLY;BYWEEKNO=20", "must have only FREQ, INTERVAL"],
    ["FREQ=DAILY;CONSTRUCTOR=1", "must have only FREQ, INTERVAL"],
    ["FREQ=DAILY;INTERVAL=0", "must have INTERVAL from 1 to 1000"],
    ["FREQ=DAILY;INTERVAL=-1", "must have INTERVAL from 1 to 1000"],
    ["FREQ=DAILY;INTERVAL=1001", "must have INTERVAL from 1 to 1000"],
    [`FREQ=DAILY;INTERVAL=${"9".repeat(400)}`, "must have INTERVAL from 1 to 1000"],
    ["FREQ=DAILY;COUNT=0", "must have COUNT from 1 to 1000"],
    ["FREQ=DAILY;COUNT=1001", "must have COUNT from 1 to 1000"],
    ["FREQ=DAILY;COUNT=2;UNTIL=20261231", "must have COUNT or UNTIL, not both"],
    ["FREQ=DAILY;UNTIL=20261231T235959Z", "must have UNTIL as a date"],
    ["FREQ=DAILY;UNTIL=20260229", "must have UNTIL as a date"],
    ["FREQ=DAILY;UNTIL=18991231", "must have UNTIL as a date"],
    ["FREQ=WEEKLY;BYDAY=XX", "must have BYDAY such as"],
    ["FREQ=WEEKLY;BYDAY=MO,", "must have BYDAY such as"],
    ["FREQ=MONTHLY;BYDAY=6MO", "must have BYDAY such as"],
    ["FREQ=MONTHLY;BYDAY=0MO", "must have BYDAY such as"],
    ["FREQ=MONTHLY;BYDAY=+MO", "must have BYDAY such as"],
    ["FREQ=MONTHLY;BYDAY=1", "must have BYDAY such as"],
    ["FREQ=WEEKLY;BYDAY=1MO", "must have numbers in BYDAY only with FREQ=MONTHLY"],
    ["FREQ=YEARLY;BYDAY=1MO", "must have numbers in BYDAY only with FREQ=MONTHLY"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "must have BYMONTHDAY from 1 to 31"],
    ["FREQ=MONTHLY;BYMONTHDAY=32", "must have BYMONTHDAY from 1 to 31"],
    ["FREQ=MONTHLY;BYMONTHDAY=1.5", "must be parts such as"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "must not have BYMONTHDAY with FREQ=WEEKLY"],
    ["FREQ=YEARLY;BYMONTH=13", "must have BYMONTH from 1 to 12"],
    ["FREQ=YEARLY;BYMONTH=-1", "must have BYMONTH from 1 to 12"],
    ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "must have BYSETPOS from 1 to 366"],
    ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "must have BYSETPOS from 1 to 366"],
    ["FREQ=MONTHLY;BYSETPOS=1", "must have BYSETPOS only with"],
    ["FREQ=WEEKLY;WKST=1MO", "must have WKST such as MO"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "must match at least one date"],
    ["FREQ=YEARLY;BYMONTH=4,6,9,11;BYMONTHDAY=-31", "must match at least one date"],
    ["FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=8", "must match at least one date"],
    ["FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "must match at least one date"],
    ["FREQ=DAILY;BYDAY=MO;BYSETPOS=-2", "must match at least one date"],
    ["FREQ=YEARLY;BYMONTH=1,2;BYSETPOS=3", "must match at least one date"],
  ])("%j %s", (text, message) => {
    expect(messageOf(text)).toMatch(new RegExp(`^${message}`));
  });

  test("a long text is refused before it is parsed", () => {
    expect(messageOf(`FREQ=DAILY;COUNT=1${"0".repeat(1_000_000)}`)).toBe(
      `must have at most ${ruleLength} characters`,
    );
  });
});

const names = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "COUNT", "UNTIL"];
const token = fc.oneof(
  fc.constantFrom(...names, "DAILY", "weekly", "MONTHLY", "YEARLY", "MO", "-1FR", ";", "=", ",", "20261231"),
  fc.integer({ min: -400, max: 1_100 }).map(String),
);
const anyText = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.string({ unit: "binary", maxLength: 600 }),
  fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join("")),
  fc
    .array(fc.tuple(fc.constantFrom(...names), token), { maxLength: 9 })
    .map((parts) => parts.map((part) => part.join("=")).join(";")),
);

test("any text is a rule, or is refused with a one-line message", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(messageOf(text)).toMatch(/^(?:accepted|must [ -~]{1,120})$/);
    }),
    { numRuns: 5_000 },
  );
});
