import { describe, expect, test } from "vitest";
import { calendar, todo } from "./calendars.js";
import { rowsOf } from "./read.js";

const read = async (properties: string[], timeZone?: string) => {
  const content = calendar(...todo("SUMMARY:Water", ...properties));
  const [row] = await rowsOf("ics", content, timeZone);
  if (!row || !("task" in row)) throw new Error(`refused: ${JSON.stringify(row)}`);
  const { due = null, recurrence = null } = row.task;
  return { due, recurrence, notes: row.notes };
};

const date = "2026-10-05";
const zoneNote = "The time was left out: its time zone is missing or unknown.";
const dueNote = "The due date was left out: it is not an iCalendar date, or not supported.";

describe("DUE", () => {
  test.each([
    ["DUE;VALUE=DATE:20261005", { date }],
    ["DUE:20261005", { date }],
    ["DUE:20261005T183000Z", { date, time: "18:30", timeZone: "UTC" }],
    ["DUE;TZID=Europe/Copenhagen:20261005T183059", { date, time: "18:30", timeZone: "Europe/Copenhagen" }],
    [
      'DUE;TZID="us/pacific";VALUE=DATE-TIME:20261005T183000',
      { date, time: "18:30", timeZone: "US/Pacific" },
    ],
    // A time in UTC has no TZID (RFC 5545 section 3.2.19), but some programs write one.
    ["DUE;TZID=Europe/Copenhagen:20261005T183000Z", { date, time: "18:30", timeZone: "UTC" }],
  ])("such as %s is a due date", async (property, due) => {
    expect(await read([property])).toMatchObject({ due, notes: [] });
    expect(await read([property], "Asia/Tokyo")).toMatchObject({ due, notes: [] });
  });

  test("without a zone is in the zone of the request, or loses its time", async () => {
    const property = "DUE:20261005T183000";
    const due = { date, time: "18:30", timeZone: "Asia/Tokyo" };
    expect(await read([property], "Asia/Tokyo")).toMatchObject({ due, notes: [] });
    expect(await read([property])).toMatchObject({ due: { date }, notes: [zoneNote] });
  });

  test.each(["W. Europe Standard Time", "/example.com/20260101/Europe/Berlin", "My zone", ""])(
    "in the unknown zone %j loses its time",
    async (zone) => {
      const properties = [`DUE;TZID=${zone}:20261005T183000`];
      expect(await read(properties, "Asia/Tokyo")).toMatchObject({ due: { date }, notes: [zoneNote] });
    },
  );

  test.each([
    "20260230",
    "20261301",
    "20260100",
    "20261005T240000Z",
    "20261005T186000Z",
    "18991231",
    "24000101",
    "2026-10-05",
    "20261005T1830Z",
    "P1D",
    "",
  ])("with %j is left out, and the task stays", async (value) => {
    expect(await read([`DUE:${value}`])).toMatchObject({ due: null, notes: [dueNote] });
  });
});

describe("RRULE", () => {
  const due = "DUE;VALUE=DATE:20261005";
  test.each([
    ["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"],
    ["FREQ=MONTHLY;COUNT=5", "FREQ=MONTHLY;COUNT=5"],
    ["FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"],
    ["FREQ=DAILY;UNTIL=20261231T235959Z", "FREQ=DAILY;UNTIL=20261231"],
    ["FREQ=DAILY;UNTIL=20261231T120000;INTERVAL=2", "FREQ=DAILY;UNTIL=20261231;INTERVAL=2"],
  ])("such as %s repeats the task", async (rule, expected) => {
    const recurrence = { rule: expected, from: "due" };
    expect(await read([due, `RRULE:${rule}`])).toMatchObject({ recurrence, notes: [] });
  });

  test.each([
    "FREQ=HOURLY",
    "FREQ=YEARLY;BYWEEKNO=20",
    "FREQ=YEARLY;BYYEARDAY=100",
    "FREQ=DAILY;BYHOUR=9,10",
    "FREQ=DAILY;COUNT=2;UNTIL=20261231",
    "FREQ=DAILY;UNTIL=20250101",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    `FREQ=YEARLY;BYMONTHDAY=${"1,".repeat(300)}1`,
    "every day",
    "",
  ])("such as %s is left out, and the task stays", async (rule) => {
    expect(await read([due, `RRULE:${rule}`])).toEqual({
      due: { date },
      recurrence: null,
      notes: ["The recurrence was left out."],
    });
  });

  test.each([[[]], [["DUE:20260230"]]])("without a due date is left out", async (properties) => {
    const { recurrence, notes } = await read([...properties, "RRULE:FREQ=DAILY"]);
    expect([recurrence, notes.at(-1)]).toEqual([null, "The recurrence was left out."]);
  });
});
