import fc from "fast-check";
import { expect, test } from "vitest";
import { firstDate, lastDate } from "../../../lib/time/date-range.js";
import { dateIn, instantOf, startOfDay } from "../../../lib/time/instant.js";
import { timeZoneNames } from "../../../lib/time/time-zone-names.js";
import { changeBetween, createClock, dayMs, instantsAt } from "./intl-clock.js";

const minuteMs = 60_000;
const halfYearMs = 183 * dayMs;
const [first, last] = [Date.parse(firstDate), Date.parse(lastDate) + dayMs - minuteMs];

const toWall = (wall: number) => {
  const text = new Date(wall).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
};
const toDate = (wall: number) => toWall(wall).date;

const zone = fc.constantFrom(...timeZoneNames);
const anyWall = fc
  .integer({ min: first / minuteMs, max: last / minuteMs })
  .map((minutes) => minutes * minuteMs);
const nearby = fc.integer({ min: -26 * 60, max: 26 * 60 }).map((minutes) => minutes * minuteMs);

/** A wall time near the next change of the clocks, if one follows within half a year. */
function wallNearChange(clock: ReturnType<typeof createClock>, wall: number, distance: number): number {
  const change = changeBetween(clock, wall, wall + halfYearMs) ?? wall;
  const near = Math.floor((change + clock(change)) / minuteMs) * minuteMs + distance;
  return Math.min(Math.max(near, first), last);
}

test("Intl shows the same clocks at the instant, which is the first of two and moves forward in a gap", () => {
  fc.assert(
    fc.property(zone, anyWall, nearby, (timeZone, anywhere, distance) => {
      const clock = createClock(timeZone);
      for (const wall of [anywhere, wallNearChange(clock, anywhere, distance)]) {
        const instant = instantOf({ ...toWall(wall), timeZone }).getTime();
        const [earliest = wall - clock(wall - dayMs)] = instantsAt(clock, wall);
        expect(instant, `${timeZone} ${new Date(wall).toISOString()}`).toBe(earliest);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("the start of a day is the first instant with that date, or with a later one if clocks skip the day", () => {
  fc.assert(
    fc.property(zone, anyWall, nearby, (timeZone, anywhere, distance) => {
      const clock = createClock(timeZone);
      for (const wall of [anywhere, wallNearChange(clock, anywhere, distance)]) {
        const date = toDate(wall);
        const start = startOfDay(date, timeZone);
        const isBefore = (instant: number) => dateIn(timeZone, new Date(instant)) < date;
        expect(isBefore(start.getTime()), `${timeZone} ${date}`).toBe(false);
        expect(isBefore(start.getTime() - 1), `${timeZone} ${date}`).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("Intl shows the same date at any instant", () => {
  fc.assert(
    fc.property(zone, anyWall, (timeZone, instant) => {
      expect(dateIn(timeZone, new Date(instant))).toBe(toDate(instant + createClock(timeZone)(instant)));
    }),
    { numRuns: 1_000 },
  );
});

test("every zone is known, on the first date and on the last one", () => {
  for (const timeZone of timeZoneNames) {
    for (const date of [firstDate, lastDate]) {
      const instant = instantOf({ date, time: "12:00", timeZone });
      expect(instant.toISOString(), timeZone).toMatch(/^\d{4}-/);
      expect(dateIn(timeZone, instant), timeZone).toBe(date);
    }
  }
});
