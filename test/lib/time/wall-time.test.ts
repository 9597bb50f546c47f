import { describe, expect, test } from "vitest";
import { firstDate, lastDate } from "../../../lib/time/date-range.js";
import { date, time, wallTime } from "../../../lib/time/wall-time.js";

describe("a date", () => {
  test.each([firstDate, lastDate, "2024-02-29"])("may be %s", (value) => {
    expect(date.parse(value)).toBe(value);
  });

  test.each([
    "1899-12-31",
    "2400-01-01",
    "0001-01-01",
    "2026-02-29",
    "2026-13-01",
    "2026-1-1",
    "+002026-01-01",
    "2026-11-23T00:00",
    "20261123",
    " 2026-11-23",
    "",
  ])("may not be %j", (value) => {
    expect(date.safeParse(value).success).toBe(false);
  });
});

describe("a time", () => {
  test.each(["00:00", "23:59"])("may be %s", (value) => {
    expect(time.parse(value)).toBe(value);
  });

  test.each(["24:00", "12:60", "9:30", "09:30:00", "09:30Z", "0930", ""])("may not be %j", (value) => {
    expect(time.safeParse(value).success).toBe(false);
  });
});

test("a wall time has a date, a time and a zone, whose name gets IANA's spelling", () => {
  const wall = { date: "2026-11-23", time: "09:30" };
  expect(wallTime.parse({ ...wall, timeZone: "asia/calcutta" })).toEqual({
    ...wall,
    timeZone: "Asia/Calcutta",
  });
  for (const timeZone of [undefined, null, "+05:30", "Asia/Atlantis"])
    expect(wallTime.safeParse({ ...wall, timeZone }).success).toBe(false);
});
