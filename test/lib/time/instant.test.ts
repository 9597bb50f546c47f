import { describe, expect, test } from "vitest";
import { firstDate, lastDate } from "../../../lib/time/date-range.js";
import { dateIn, instantOf, startOfDay } from "../../../lib/time/instant.js";
import { tzdataVersion } from "../../../lib/time/tzdata.js";

const at = (timeZone: string, wall: string) => {
  const [date = "", time = ""] = wall.split(" ");
  return instantOf({ date, time, timeZone }).toISOString();
};

/** Every supported version of Node has the same data for these dates. */
describe("the instant of a wall time", () => {
  test.each([
    ["Europe/Copenhagen", "2026-11-23 09:30", "2026-11-23T08:30:00.000Z"],
    ["Asia/Kathmandu", "2026-11-23 09:30", "2026-11-23T03:45:00.000Z"],
    ["Asia/Katmandu", "2026-11-23 09:30", "2026-11-23T03:45:00.000Z"],
    ["Etc/GMT+5", "2026-11-23 09:30", "2026-11-23T14:30:00.000Z"],
    ["Pacific/Kiritimati", `${firstDate} 00:00`, "1900-01-01T10:29:20.000Z"],
    ["Asia/Manila", `${firstDate} 00:00`, "1899-12-31T16:00:00.000Z"],
    ["Etc/GMT+12", `${lastDate} 23:59`, "2400-01-01T11:59:00.000Z"],
  ])("in %s, %s is %s", (timeZone, wall, instant) => {
    expect(at(timeZone, wall)).toBe(instant);
  });

  test.each([
    ["Europe/Copenhagen", "2026-03-29 02:30", "2026-03-29T01:30:00.000Z"],
    ["America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00.000Z"],
    ["America/St_Johns", "2026-03-08 02:30", "2026-03-08T06:00:00.000Z"],
    ["America/St_Johns", "2010-03-14 00:30", "2010-03-14T04:00:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00.000Z"],
    ["Africa/Casablanca", "2024-04-14 02:30", "2024-04-14T02:30:00.000Z"],
    ["Africa/Cairo", "2024-04-26 00:30", "2024-04-25T22:30:00.000Z"],
    ["Asia/Beirut", "2024-03-31 00:30", "2024-03-30T22:30:00.000Z"],
    ["America/Santiago", "2024-09-08 00:30", "2024-09-08T04:30:00.000Z"],
    ["Asia/Kathmandu", "1986-01-01 00:05", "1985-12-31T18:35:00.000Z"],
    ["Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00.000Z"],
  ])("in %s, where clocks skip %s, moves forward by the gap to %s", (timeZone, wall, instant) => {
    expect(at(timeZone, wall)).toBe(instant);
  });

  test.each([
    ["Europe/Copenhagen", "2026-10-25 02:30", "2026-10-25T00:30:00.000Z"],
    ["America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00.000Z"],
    ["America/St_Johns", "2026-11-01 01:30", "2026-11-01T04:00:00.000Z"],
    ["Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00.000Z"],
    ["Africa/Casablanca", "2024-03-10 02:30", "2024-03-10T01:30:00.000Z"],
    ["Africa/Cairo", "2024-10-31 23:30", "2024-10-31T20:30:00.000Z"],
    ["Asia/Beirut", "2024-10-26 23:30", "2024-10-26T20:30:00.000Z"],
    ["America/Santiago", "2024-04-06 23:30", "2024-04-07T02:30:00.000Z"],
  ])("in %s, where %s comes twice, is the first, %s", (timeZone, wall, instant) => {
    expect(at(timeZone, wall)).toBe(instant);
  });
});

describe("the start of a day", () => {
  test.each([
    ["Europe/Copenhagen", "2026-03-29", "2026-03-28T23:00:00.000Z", "at midnight"],
    ["America/Santiago", "2024-09-08", "2024-09-08T04:00:00.000Z", "at 01:00"],
    ["Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00.000Z", "at 01:00"],
    ["Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00.000Z", "at 01:00"],
    ["Asia/Kathmandu", "1986-01-01", "1985-12-31T18:30:00.000Z", "at 00:15"],
    ["America/Havana", "2024-11-03", "2024-11-03T04:00:00.000Z", "at the first of two midnights"],
    ["America/Santiago", "2024-04-07", "2024-04-07T04:00:00.000Z", "after an hour that comes twice"],
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z", "when the skipped day is over"],
  ])("in %s, %s is %s: %s", (timeZone, date, instant) => {
    expect(startOfDay(date, timeZone).toISOString()).toBe(instant);
  });
});

describe("the date at an instant", () => {
  test.each([
    ["Pacific/Kiritimati", "2026-11-23T09:59:59.999Z", "2026-11-23"],
    ["Pacific/Kiritimati", "2026-11-23T10:00:00.000Z", "2026-11-24"],
    ["America/Los_Angeles", "2026-11-23T07:59:59.999Z", "2026-11-22"],
    ["Pacific/Apia", "2011-12-30T09:59:59.999Z", "2011-12-29"],
    ["Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31"],
  ])("in %s at %s is %s", (timeZone, instant, date) => {
    expect(dateIn(timeZone, new Date(instant))).toBe(date);
  });
});

test("the version of the time zone data is that of Node's ICU", () => {
  expect(tzdataVersion()).toMatch(/^20\d\d[a-z]{1,2}$/);
});
