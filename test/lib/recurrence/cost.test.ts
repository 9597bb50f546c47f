import { describe, expect, test } from "vitest";
import { matchesFrom, nextDate } from "../../../lib/tasks/recurrence/expand.js";
import { parseRule } from "../../../lib/tasks/recurrence/rule.js";
import { lastDate } from "../../../lib/time/date-range.js";

const numbers = (length: number) => Array.from({ length }, (_, index) => index + 1).join(",");

/** The rules with the longest searches: without a match, with few matches, or with long lists. */
describe("any search takes less than 50 ms of CPU time", () => {
  test.each([
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    `FREQ=DAILY;INTERVAL=7;BYDAY=TU;BYSETPOS=${numbers(100)}`,
    "FREQ=DAILY;BYMONTHDAY=31;BYDAY=MO;COUNT=1000",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=1000",
    "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=7;BYMONTH=2;COUNT=1000",
    "FREQ=WEEKLY;BYMONTH=1,3,5,7,9,11;COUNT=1000",
    "FREQ=MONTHLY;BYDAY=5MO,-5MO;BYMONTHDAY=29;COUNT=1000",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTH=2",
    "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;COUNT=1000",
    `FREQ=YEARLY;BYMONTHDAY=${numbers(31)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366;INTERVAL=4`,
    "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
  ])("%s", (text) => {
    const search = () => {
      const startedAt = process.cpuUsage();
      const parsed = parseRule(text);
      if (!parsed.ok) throw new Error(parsed.message);
      // 1901-01-07 is a Monday in an odd year, which most of these rules never match.
      matchesFrom(parsed.rule, "1901-01-07");
      nextDate(parsed.rule, "1901-01-07", lastDate);
      const { user, system } = process.cpuUsage(startedAt);
      return (user + system) / 1000;
    };
    // The first runs include the CPU time of the JIT compiler.
    expect(Math.min(search(), search(), search())).toBeLessThan(50);
  });
});
