import { describe, expect, test } from "vitest";
import { followUp, newSeries, type RecurringTask } from "../../../lib/tasks/recurrence/next-due.js";
import { parseRule, type Rule } from "../../../lib/tasks/recurrence/rule.js";
import { instantOf } from "../../../lib/time/instant.js";

function ruleOf(text: string): Rule {
  const parsed = parseRule(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.rule;
}

function recurring(
  rule: string,
  due: RecurringTask["due"],
  from: RecurringTask["from"] = "due",
): RecurringTask {
  return { due, from, rule: ruleOf(rule), series: newSeries(due) };
}

const noonOn = (date: string) => new Date(`${date}T12:00:00Z`);

type Vector = readonly [rule: string, due: string, doneAt: string, nextDate: string, nextDueAt: string];

/** Dates by python-dateutil 2.9.0, instants by Python's zoneinfo with tzdata 2025b and fold=0. */
const vectorsByZone: Record<string, Vector[]> = {
  "America/New_York": [
    ["FREQ=DAILY", "2026-03-07 02:30", "2026-03-07T12:00Z", "2026-03-08", "2026-03-08T07:30Z"],
    ["FREQ=DAILY", "2026-03-08 02:30", "2026-03-08T12:00Z", "2026-03-09", "2026-03-09T06:30Z"],
    ["FREQ=WEEKLY", "2026-03-02 09:00", "2026-03-02T15:00Z", "2026-03-09", "2026-03-09T13:00Z"],
    ["FREQ=DAILY", "2026-10-31 01:30", "2026-10-31T12:00Z", "2026-11-01", "2026-11-01T05:30Z"],
    ["FREQ=DAILY", "2026-11-01 01:30", "2026-11-01T12:00Z", "2026-11-02", "2026-11-02T06:30Z"],
    ["FREQ=DAILY", "2026-11-20 09:00", "2026-11-24T04:59Z", "2026-11-24", "2026-11-24T14:00Z"],
    ["FREQ=DAILY", "2026-11-20 09:00", "2026-11-24T05:00Z", "2026-11-25", "2026-11-25T14:00Z"],
  ],
  "Europe/London": [
    ["FREQ=DAILY", "2026-03-28 01:30", "2026-03-28T12:00Z", "2026-03-29", "2026-03-29T01:30Z"],
    ["FREQ=DAILY", "2026-03-29 01:30", "2026-03-29T12:00Z", "2026-03-30", "2026-03-30T00:30Z"],
    ["FREQ=WEEKLY", "2026-10-19 09:00", "2026-10-19T12:00Z", "2026-10-26", "2026-10-26T09:00Z"],
    ["FREQ=DAILY", "2026-10-24 01:30", "2026-10-24T12:00Z", "2026-10-25", "2026-10-25T00:30Z"],
  ],
  "Europe/Berlin": [
    ["FREQ=DAILY", "2026-03-28 02:30", "2026-03-28T12:00Z", "2026-03-29", "2026-03-29T01:30Z"],
    ["FREQ=DAILY", "2026-03-29 02:30", "2026-03-29T12:00Z", "2026-03-30", "2026-03-30T00:30Z"],
    ["FREQ=MONTHLY", "2026-01-31 09:00", "2026-02-10T12:00Z", "2026-03-31", "2026-03-31T07:00Z"],
    ["FREQ=MONTHLY", "2026-01-31 09:00", "2026-04-15T12:00Z", "2026-05-31", "2026-05-31T07:00Z"],
    ["FREQ=DAILY", "2026-10-24 02:30", "2026-10-24T12:00Z", "2026-10-25", "2026-10-25T00:30Z"],
    ["FREQ=YEARLY", "2024-02-29 08:00", "2024-02-29T12:00Z", "2028-02-29", "2028-02-29T07:00Z"],
  ],
  "Australia/Lord_Howe": [
    ["FREQ=DAILY", "2026-10-03 02:15", "2026-10-03T03:00Z", "2026-10-04", "2026-10-03T15:45Z"],
    ["FREQ=DAILY", "2026-10-04 02:15", "2026-10-04T03:00Z", "2026-10-05", "2026-10-04T15:15Z"],
    ["FREQ=DAILY", "2026-04-04 01:45", "2026-04-04T03:00Z", "2026-04-05", "2026-04-04T14:45Z"],
  ],
  "Asia/Kathmandu": [
    ["FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-23 09:30", "2026-11-23T12:00Z", "2026-11-26", "2026-11-26T03:45Z"],
    ["FREQ=DAILY", "2026-11-20 09:30", "2026-11-23T18:14Z", "2026-11-24", "2026-11-24T03:45Z"],
    ["FREQ=DAILY", "2026-11-20 09:30", "2026-11-23T18:15Z", "2026-11-25", "2026-11-25T03:45Z"],
  ],
  "Pacific/Apia": [
    ["FREQ=DAILY", "2011-12-29 12:00", "2011-12-29T23:00Z", "2011-12-30", "2011-12-30T22:00Z"],
    ["FREQ=DAILY", "2011-12-30 12:00", "2011-12-31T00:00Z", "2012-01-01", "2011-12-31T22:00Z"],
    ["FREQ=DAILY", "2026-11-20 09:00", "2026-11-23T11:00Z", "2026-11-25", "2026-11-24T20:00Z"],
  ],
  "America/Sao_Paulo": [
    ["FREQ=DAILY", "2018-11-03 00:30", "2018-11-03T15:00Z", "2018-11-04", "2018-11-04T03:30Z"],
    ["FREQ=DAILY", "2018-11-04 00:30", "2018-11-04T15:00Z", "2018-11-05", "2018-11-05T02:30Z"],
    ["FREQ=DAILY", "2019-02-15 23:30", "2019-02-15T15:00Z", "2019-02-16", "2019-02-17T01:30Z"],
  ],
  "Asia/Tokyo": [
    [
      "FREQ=MONTHLY;BYMONTHDAY=-1",
      "2026-01-31 09:00",
      "2026-01-31T12:00Z",
      "2026-02-28",
      "2026-02-28T00:00Z",
    ],
    ["FREQ=DAILY", "2026-11-20 09:00", "2026-11-23T15:00Z", "2026-11-25", "2026-11-25T00:00Z"],
  ],
  "America/Santiago": [
    ["FREQ=WEEKLY", "2024-09-01 00:30", "2024-09-01T15:00Z", "2024-09-08", "2024-09-08T04:30Z"],
  ],
};
const vectors = Object.entries(vectorsByZone).flatMap(([timeZone, rows]) =>
  rows.map((vector) => [timeZone, ...vector] as const),
);

describe("from the due date", () => {
  test.each(vectors)("in %s, %s due at %s and done at %s continues on %s, at %s", (timeZone, ...vector) => {
    const [rule, due, doneAt, date, dueAt] = vector;
    const [dueDate = "", time = ""] = due.split(" ");
    const task = recurring(rule, { date: dueDate, time, timeZone });
    expect(followUp(task, new Date(doneAt), "UTC")?.due).toEqual({ date, time, timeZone });
    expect(instantOf({ date, time, timeZone })).toEqual(new Date(dueAt));
  });

  test("a task that is completed early continues after its due date", () => {
    const task = recurring("FREQ=WEEKLY", { date: "2026-11-30" });
    expect(followUp(task, noonOn("2026-11-23"), "UTC")?.due).toEqual({ date: "2026-12-07" });
  });

  test("without a time, the account's time zone decides what today is", () => {
    const task = recurring("FREQ=DAILY", { date: "2026-11-20" });
    const doneAt = new Date("2026-11-23T10:30:00Z");
    expect(followUp(task, doneAt, "Pacific/Kiritimati")?.due).toEqual({ date: "2026-11-25" });
    expect(followUp(task, doneAt, "America/New_York")?.due).toEqual({ date: "2026-11-24" });
  });

  test("the start of a series stays, so one from the 31st returns to the 31st, and a postponed task keeps its weeks", () => {
    const monthly = followUp(recurring("FREQ=MONTHLY", { date: "2026-01-31" }), noonOn("2026-02-03"), "UTC");
    expect(monthly).toEqual({ due: { date: "2026-03-31" }, series: { start: "2026-01-31", occurrence: 2 } });
    const postponed = {
      ...recurring("FREQ=WEEKLY;INTERVAL=2", { date: "2026-11-23" }),
      due: { date: "2026-11-26" },
    };
    expect(followUp(postponed, noonOn("2026-11-26"), "UTC")?.due).toEqual({ date: "2026-12-07" });
  });

  test("COUNT includes dates that were skipped while the task was overdue", () => {
    const task = recurring("FREQ=DAILY;COUNT=5", { date: "2026-11-20" });
    expect(followUp(task, noonOn("2026-11-23"), "UTC")?.due).toEqual({ date: "2026-11-24" });
    expect(followUp(task, noonOn("2026-11-24"), "UTC")).toBeNull();
  });

  test("UNTIL includes its date", () => {
    const task = recurring("FREQ=DAILY;UNTIL=20261124", { date: "2026-11-23" });
    expect(followUp(task, noonOn("2026-11-23"), "UTC")?.due).toEqual({ date: "2026-11-24" });
    expect(followUp(task, noonOn("2026-11-24"), "UTC")).toBeNull();
  });
});

/** By python-dateutil 2.9.0, with the day of completion as DTSTART. */
describe("from the completion", () => {
  test.each([
    ["FREQ=DAILY;INTERVAL=3", "2026-11-10", "2026-11-13"],
    ["FREQ=DAILY", "2026-11-10", "2026-11-11"],
    ["FREQ=WEEKLY", "2026-11-12", "2026-11-19"],
    ["FREQ=WEEKLY;BYDAY=MO", "2026-11-12", "2026-11-16"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-11-11", "2026-11-23"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2026-11-11", "2026-11-15"],
    ["FREQ=MONTHLY", "2026-01-31", "2026-03-31"],
    ["FREQ=MONTHLY;BYMONTHDAY=31", "2026-02-10", "2026-03-31"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "2026-02-10", "2026-02-28"],
    ["FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15", "2026-02-20", "2026-04-15"],
    ["FREQ=YEARLY", "2024-02-29", "2028-02-29"],
    ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "2026-12-24", "2027-12-24"],
    ["FREQ=DAILY;UNTIL=20261111", "2026-11-10", "2026-11-11"],
    ["FREQ=DAILY;UNTIL=20261111", "2026-11-11", null],
  ])("%s done on %s continues on %s, whenever it was due", (rule, doneOn, date) => {
    for (const due of ["2024-01-01", "2027-01-01"]) {
      const next = followUp(recurring(rule, { date: due }, "completion"), noonOn(doneOn), "UTC");
      expect(next?.due.date ?? null).toBe(date);
    }
  });

  test("the series starts again on the day of completion in the time zone of the task", () => {
    const due = { date: "2026-11-20", time: "09:00", timeZone: "Asia/Tokyo" };
    const task = recurring("FREQ=DAILY;INTERVAL=3", due, "completion");
    expect(followUp(task, new Date("2026-11-23T15:00:00Z"), "UTC")).toEqual({
      due: { ...due, date: "2026-11-27" },
      series: { start: "2026-11-24", occurrence: 2 },
    });
  });

  test("COUNT limits the number of tasks", () => {
    let task = recurring("FREQ=DAILY;COUNT=3", { date: "2026-11-20" }, "completion");
    for (const [doneOn, next] of [
      ["2026-11-23", "2026-11-24"],
      ["2026-12-01", "2026-12-02"],
    ] as const) {
      const follow = followUp(task, noonOn(doneOn), "UTC");
      expect(follow?.due).toEqual({ date: next });
      if (follow) task = { ...task, ...follow };
    }
    expect(followUp(task, noonOn("2026-12-02"), "UTC")).toBeNull();
  });
});
