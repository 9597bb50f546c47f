import { expect, test } from "vitest";
import { firstDayOfMonth, monthOf } from "../../../lib/tasks/recurrence/calendar.js";
import { firstDate, lastDate } from "../../../lib/time/date-range.js";

const dayMs = 24 * 60 * 60 * 1000;

test("monthOf and firstDayOfMonth agree with Date on every day that a task can be due", () => {
  for (let day = Date.parse(firstDate) / dayMs; day <= Date.parse(lastDate) / dayMs; day += 1) {
    const date = new Date(day * dayMs);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    if (monthOf(day) !== month) expect.fail(`wrong month of ${date.toISOString()}`);
    if (day - firstDayOfMonth(month) + 1 !== date.getUTCDate())
      expect.fail(`wrong first day of month ${month}`);
  }
});
