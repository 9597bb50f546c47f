import { describe, expect, test } from "vitest";
import { matchesFrom, nextDate } from "../../../lib/tasks/recurrence/expand.js";
import { parseRule, type Rule } from "../../../lib/tasks/recurrence/rule.js";
import { lastDate } from "../../../lib/time/date-range.js";

function ruleOf(text: string): Rule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.rule;
}

/** Compares the dates after the start with those of the vector; "end" means that the series ends. */
function expectDates(text: string, start: string, expected: string): void {
  const rule = ruleOf(text);
  const dates = [start];
  const wanted = expected.split(" ");
  while (dates.length <= wanted.length) dates.push(nextDate(rule, start, dates.at(-1) ?? start) ?? "end");
  expect(dates.slice(1)).toEqual(wanted);
}

/** Without times. The RFC's UNTIL is an instant; here it is the last date before that. */
describe("examples of RFC 5545 section 3.8.5.3", () => {
  test.each([
    [
      "FREQ=DAILY;COUNT=10",
      "1997-09-02",
      "1997-09-03 1997-09-04 1997-09-05 1997-09-06 1997-09-07 1997-09-08 1997-09-09 1997-09-10 1997-09-11 end",
    ],
    ["FREQ=DAILY;INTERVAL=2", "1997-09-02", "1997-09-04 1997-09-06 1997-09-08"],
    ["FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "1997-09-12 1997-09-22 1997-10-02 1997-10-12 end"],
    [
      "FREQ=YEARLY;UNTIL=20000131;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
      "1998-01-31",
      "1999-01-01 1999-01-02",
    ],
    ["FREQ=DAILY;UNTIL=20000131;BYMONTH=1", "1999-01-31", "2000-01-01 2000-01-02 2000-01-03"],
    [
      "FREQ=WEEKLY;COUNT=10",
      "1997-09-02",
      "1997-09-09 1997-09-16 1997-09-23 1997-09-30 1997-10-07 1997-10-14 1997-10-21 1997-10-28 1997-11-04 end",
    ],
    ["FREQ=WEEKLY;UNTIL=19971223", "1997-11-25", "1997-12-02 1997-12-09 1997-12-16 1997-12-23 end"],
    ["FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", "1997-09-16 1997-09-30 1997-10-14 1997-10-28"],
    [
      "FREQ=WEEKLY;UNTIL=19971006;WKST=SU;BYDAY=TU,TH",
      "1997-09-02",
      "1997-09-04 1997-09-09 1997-09-11 1997-09-16 1997-09-18 1997-09-23 1997-09-25 1997-09-30 1997-10-02 end",
    ],
    [
      "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
      "1997-09-02",
      "1997-09-04 1997-09-09 1997-09-11 1997-09-16 1997-09-18 1997-09-23 1997-09-25 1997-09-30 1997-10-02 end",
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR",
      "1997-09-01",
      "1997-09-03 1997-09-05 1997-09-15 1997-09-17 1997-09-19 1997-09-29 1997-10-01",
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
      "1997-09-02",
      "1997-09-04 1997-09-16 1997-09-18 1997-09-30 1997-10-02 1997-10-14 1997-10-16 end",
    ],
    [
      "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
      "1997-09-05",
      "1997-10-03 1997-11-07 1997-12-05 1998-01-02 1998-02-06 1998-03-06 1998-04-03 1998-05-01 1998-06-05 end",
    ],
    ["FREQ=MONTHLY;UNTIL=19971223;BYDAY=1FR", "1997-09-05", "1997-10-03 1997-11-07 1997-12-05 end"],
    [
      "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
      "1997-09-07",
      "1997-09-28 1997-11-02 1997-11-30 1998-01-04 1998-01-25 1998-03-01 1998-03-29 1998-05-03 1998-05-31 end",
    ],
    [
      "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
      "1997-09-22",
      "1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16 end",
    ],
    ["FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26"],
    [
      "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
      "1997-09-02",
      "1997-09-15 1997-10-02 1997-10-15 1997-11-02 1997-11-15 1997-12-02 1997-12-15 1998-01-02 1998-01-15 end",
    ],
    [
      "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
      "1997-09-30",
      "1997-10-01 1997-10-31 1997-11-01 1997-11-30 1997-12-01 1997-12-31 1998-01-01 1998-01-31 1998-02-01 end",
    ],
    [
      "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
      "1997-09-10",
      "1997-09-11 1997-09-12 1997-09-13 1997-09-14 1997-09-15 1999-03-10 1999-03-11 1999-03-12 1999-03-13 end",
    ],
    ["FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09-23", "1997-09-30 1997-11-04 1997-11-11"],
    [
      "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
      "1997-06-10",
      "1997-07-10 1998-06-10 1998-07-10 1999-06-10 1999-07-10 2000-06-10 2000-07-10 2001-06-10 2001-07-10 end",
    ],
    [
      "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
      "1997-03-10",
      "1999-01-10 1999-02-10 1999-03-10 2001-01-10 2001-02-10 2001-03-10 2003-01-10 2003-02-10 2003-03-10 end",
    ],
    ["FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", "1997-03-20 1997-03-27 1998-03-05 1998-03-12"],
    ["FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "1997-08-28", "1998-06-04 1998-06-11"],
    [
      "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
      "1997-09-02",
      "1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13",
    ],
    [
      "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
      "1997-09-13",
      "1997-10-11 1997-11-08 1997-12-13 1998-01-10 1998-02-07 1998-03-07 1998-04-11",
    ],
    [
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
      "1996-11-05",
      "2000-11-07 2004-11-02",
    ],
    ["FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997-10-07 1997-11-06 end"],
    [
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
      "1997-09-29",
      "1997-10-30 1997-11-27 1997-12-30 1998-01-29 1998-02-26 1998-03-30",
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
      "1997-08-05",
      "1997-08-10 1997-08-19 1997-08-24 end",
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
      "1997-08-05",
      "1997-08-17 1997-08-19 1997-08-31 end",
    ],
    [
      "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
      "2007-01-15",
      "2007-01-30 2007-02-15 2007-03-15 2007-03-30 end",
    ],
  ])("%s from %s continues %s", expectDates);
});

describe("the 31st, and other short months, by python-dateutil 2.9.0", () => {
  test.each([
    ["FREQ=MONTHLY", "2026-01-31", "2026-03-31 2026-05-31 2026-07-31 2026-08-31 2026-10-31 2026-12-31"],
    ["FREQ=MONTHLY;COUNT=4", "2026-01-31", "2026-03-31 2026-05-31 2026-07-31 end"],
    ["FREQ=MONTHLY", "2026-01-30", "2026-03-30 2026-04-30 2026-05-30 2026-06-30"],
    ["FREQ=MONTHLY", "2027-01-29", "2027-03-29 2027-04-29 2027-05-29"],
    ["FREQ=MONTHLY;INTERVAL=2", "2026-08-31", "2026-10-31 2026-12-31 2027-08-31 2027-10-31"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30 2026-05-31"],
    ["FREQ=MONTHLY;BYMONTHDAY=-31", "2026-01-01", "2026-03-01 2026-05-01 2026-07-01 2026-08-01"],
    ["FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,5", "2026-05-31", "2027-05-31 2028-05-31 2029-05-31"],
    ["FREQ=MONTHLY;BYDAY=5MO", "2026-03-30", "2026-06-29 2026-08-31 2026-11-30 2027-03-29"],
    ["FREQ=MONTHLY;BYDAY=-5SU", "2026-03-01", "2026-05-03 2026-08-02 2026-11-01 2027-01-03"],
    [
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
      "2026-01-31",
      "2026-02-28 2026-03-31 2026-04-30 2026-05-31",
    ],
    ["FREQ=DAILY;BYMONTHDAY=31", "2026-01-31", "2026-03-31 2026-05-31 2026-07-31 2026-08-31"],
  ])("%s from %s continues %s", expectDates);
});

describe("29 February, by python-dateutil 2.9.0", () => {
  test.each([
    ["FREQ=YEARLY", "2024-02-29", "2028-02-29 2032-02-29 2036-02-29"],
    ["FREQ=YEARLY", "2096-02-29", "2104-02-29 2108-02-29"],
    ["FREQ=YEARLY;INTERVAL=3", "2024-02-29", "2036-02-29 2048-02-29 2060-02-29"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2023-02-28", "2024-02-29 2025-02-28 2026-02-28 2027-02-28"],
    ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "2004-02-29", "2032-02-29 2060-02-29 2088-02-29"],
    ["FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", "2025-01-01", "end"],
    ["FREQ=MONTHLY;INTERVAL=12", "2088-02-29", "2092-02-29 2096-02-29 2104-02-29 2108-02-29"],
    ["FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", "end"],
  ])("%s from %s continues %s", expectDates);
});

describe("weeks, by python-dateutil 2.9.0", () => {
  test.each([
    ["FREQ=WEEKLY", "2026-12-28", "2027-01-04 2027-01-11 2027-01-18"],
    ["FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-25", "2026-11-27 2026-11-30 2026-12-04 2026-12-07"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2026-11-25", "2026-11-29 2026-12-07 2026-12-13 2026-12-21"],
    [
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
      "2026-11-25",
      "2026-12-06 2026-12-07 2026-12-20 2026-12-21",
    ],
    ["FREQ=WEEKLY;INTERVAL=3;BYDAY=WE;WKST=TH", "2026-12-30", "2027-01-20 2027-02-10 2027-03-03"],
    ["FREQ=WEEKLY;BYMONTH=2", "2026-01-31", "2026-02-07 2026-02-14 2026-02-21 2026-02-28 2027-02-06"],
    ["FREQ=WEEKLY;INTERVAL=1000", "2026-11-23", "2046-01-22 2065-03-23 2084-05-22"],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-23", "2026-11-27 2026-12-04 2026-12-11"],
    ["FREQ=WEEKLY;UNTIL=20261214", "2026-11-23", "2026-11-30 2026-12-07 2026-12-14 end"],
    ["FREQ=WEEKLY;UNTIL=20261213", "2026-11-23", "2026-11-30 2026-12-07 end"],
  ])("%s from %s continues %s", expectDates);
});

describe("days, months and years, by python-dateutil 2.9.0", () => {
  test.each([
    ["FREQ=DAILY", "2026-12-30", "2026-12-31 2027-01-01 2027-01-02"],
    ["FREQ=DAILY;INTERVAL=3;BYDAY=MO", "2026-11-23", "2026-12-14 2027-01-04 2027-01-25"],
    ["FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-11-26", "2026-11-27 2026-11-30 2026-12-01"],
    ["FREQ=DAILY;BYMONTH=12,2", "2026-12-31", "2027-02-01 2027-02-02"],
    ["FREQ=MONTHLY;INTERVAL=1000", "2026-11-23", "2110-03-23 2193-07-23 2276-11-23 2360-03-23 end"],
    ["FREQ=MONTHLY;BYDAY=2TU,-1FR", "2026-11-10", "2026-11-27 2026-12-08 2026-12-25 2027-01-12"],
    ["FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=1,-1", "2026-11-02", "2026-11-30 2026-12-02 2026-12-30 2027-01-04"],
    ["FREQ=MONTHLY;BYMONTH=1,7;BYDAY=MO;BYSETPOS=2", "2026-01-12", "2026-07-13 2027-01-11 2027-07-12"],
    ["FREQ=MONTHLY;INTERVAL=5;BYMONTH=2", "2026-02-14", "2031-02-14 2036-02-14"],
    ["FREQ=YEARLY", "2026-11-23", "2027-11-23 2028-11-23"],
    ["FREQ=YEARLY;BYMONTHDAY=13", "2026-11-13", "2026-12-13 2027-01-13 2027-02-13"],
    ["FREQ=YEARLY;BYDAY=MO;BYSETPOS=20", "1997-05-19", "1998-05-18 1999-05-17 2000-05-15"],
    ["FREQ=YEARLY;BYDAY=MO;BYSETPOS=-1", "2026-12-28", "2027-12-27 2028-12-25 2029-12-31"],
    ["FREQ=YEARLY;BYMONTH=10;BYDAY=SU;BYSETPOS=-1", "2026-10-25", "2027-10-31 2028-10-29 2029-10-28"],
    ["FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366", "2024-12-31", "2028-12-31 2032-12-31 2036-12-31"],
    ["FREQ=YEARLY;INTERVAL=100", "2000-03-01", "2100-03-01 2200-03-01 2300-03-01 end"],
    ["FREQ=YEARLY;INTERVAL=1000", "2026-11-23", "end"],
  ])("%s from %s continues %s", expectDates);
});

describe("a series", () => {
  test.each([
    ["FREQ=WEEKLY;BYDAY=FR;COUNT=3", "2026-11-23", "2026-11-27 2026-12-04 end"],
    ["FREQ=DAILY;COUNT=1", "2026-11-23", "end"],
    ["FREQ=DAILY;UNTIL=20261123", "2026-11-23", "end"],
    ["FREQ=DAILY;UNTIL=20261122", "2026-11-23", "end"],
    ["FREQ=MONTHLY;BYDAY=WE,3TH", "2026-11-18", "2026-11-19 2026-11-25 2026-12-02 2026-12-09"],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=1", "2026-11-24", "2026-11-30 2026-12-07"],
  ])("%s from %s, which always counts as its first date, continues %s", expectDates);

  test("a series begins with its start, even if the start does not match", () => {
    expect(nextDate(ruleOf("FREQ=WEEKLY;BYDAY=FR"), "2026-11-23", "2026-11-01")).toBe("2026-11-23");
  });

  test.each([
    ["FREQ=MONTHLY", "2026-01-31", "2026-02-10", "2026-03-31"],
    ["FREQ=WEEKLY;INTERVAL=2", "2026-11-23", "2026-12-08", "2026-12-21"],
    ["FREQ=DAILY;INTERVAL=10;COUNT=5", "2026-11-23", "2026-12-14", "2026-12-23"],
    ["FREQ=DAILY;INTERVAL=10;COUNT=5", "2026-11-23", "2027-01-02", null],
  ])("%s from %s keeps its interval and its count after %s", (text, start, after, next) => {
    expect(nextDate(ruleOf(text), start, after)).toBe(next);
  });

  test("a series ends at the last date that a task can have", () => {
    expect(nextDate(ruleOf("FREQ=DAILY"), "2399-12-30", "2399-12-30")).toBe(lastDate);
    expect(nextDate(ruleOf("FREQ=DAILY"), "2399-12-30", lastDate)).toBeNull();
  });

  test.each([
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=4", "2024-02-29", true],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=4", "2025-01-01", false],
    ["FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2026-11-23", false],
    ["FREQ=DAILY;UNTIL=20261123", "2026-11-23", true],
    ["FREQ=DAILY;UNTIL=20261122", "2026-11-23", false],
  ])("%s from %s has a matching date: %s", (text, start, matches) => {
    expect(matchesFrom(ruleOf(text), start)).toBe(matches);
  });
});
