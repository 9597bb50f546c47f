import { createHash } from "node:crypto";
import fc from "fast-check";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { calendarFormat, calendarOf, type PublishedTask } from "../../../lib/feed/calendar.js";
import { feedLimits } from "../../../lib/tasks/limits.js";

const plain: PublishedTask = {
  id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21",
  title: "Water the plants",
  description: null,
  status: "todo",
  priority: 0,
  dueDate: null,
  dueAt: null,
  deadline: null,
  labels: [],
  version: 1,
  createdAt: "2026-11-23T15:04:05.123Z",
  updatedAt: "2026-11-24T10:00:00.000Z",
};

const full: PublishedTask = {
  ...plain,
  title: "Buy soil, pots; seeds",
  description: "Balcony:\n- tomatoes\n- basil",
  status: "in_progress",
  priority: 3,
  dueDate: "2026-12-24",
  dueAt: "2026-12-24T08:30:00.000Z",
  deadline: "2026-12-31",
  labels: ["Garden", "Home, sweet"],
  version: 4,
};

/** The lines of the only task, unfolded. */
const linesOfTask = (task: Partial<PublishedTask>): string[] => {
  const lines = calendarOf([{ ...plain, ...task }])
    .replaceAll("\r\n ", "")
    .split("\r\n");
  return lines.slice(lines.indexOf("BEGIN:VTODO") + 1, lines.indexOf("END:VTODO"));
};

test("a task has its UID, times and version", () => {
  expect(linesOfTask({})).toEqual([
    "UID:urn:uuid:019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21",
    "DTSTAMP:20261124T100000Z",
    "CREATED:20261123T150405Z",
    "LAST-MODIFIED:20261124T100000Z",
    "SEQUENCE:0",
    "SUMMARY:Water the plants",
    "STATUS:NEEDS-ACTION",
  ]);
});

test("a task with every member has a property for each", () => {
  expect(linesOfTask(full).slice(4)).toEqual([
    "SEQUENCE:3",
    "SUMMARY:Buy soil\\, pots\\; seeds",
    "DESCRIPTION:Balcony:\\n- tomatoes\\n- basil",
    "STATUS:IN-PROCESS",
    "PRIORITY:1",
    "DUE:20261224T083000Z",
    "CATEGORIES:Garden,Home\\, sweet",
  ]);
});

test.each([
  [3, "PRIORITY:1"],
  [2, "PRIORITY:5"],
  [1, "PRIORITY:9"],
  [0, undefined],
])("the priority %i is %s (RFC 5545 section 3.8.1.9)", (priority, line) => {
  expect(linesOfTask({ priority }).find((one) => one.startsWith("PRIORITY"))).toBe(line);
});

test.each([
  [{ dueDate: "2026-12-24" }, "DUE;VALUE=DATE:20261224"],
  [{ dueDate: "2026-12-24", deadline: "2026-12-31" }, "DUE;VALUE=DATE:20261224"],
  [{ deadline: "2026-12-31" }, "DUE;VALUE=DATE:20261231"],
  [{ dueDate: "2026-12-24", dueAt: "2026-12-23T23:30:00.000Z" }, "DUE:20261223T233000Z"],
  [{}, undefined],
])("a task with %o is due as %s", (due, line) => {
  expect(linesOfTask(due).find((one) => one.startsWith("DUE"))).toBe(line);
});

test("a calendar without tasks has its name and refresh interval", () => {
  expect(calendarOf([])).toBe(
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Latchkey//Tasks//EN",
      "NAME:Latchkey",
      "X-WR-CALNAME:Latchkey",
      "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
      "X-PUBLISHED-TTL:PT1H",
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  );
});

test("the format is current: a change of bytes or limits must increment it, because entity tags start with it", () => {
  const { tasks, bytes, descriptionCharacters } = feedLimits;
  const sample = [calendarOf([plain, full]), tasks, bytes, descriptionCharacters];
  const digest = createHash("sha256").update(JSON.stringify(sample)).digest("hex").slice(0, 16);
  expect([calendarFormat, digest]).toEqual([1, "1a9df22368e6a9a8"]);
});

const date = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2999-12-31"), noInvalidDate: true })
  .map((moment) => moment.toISOString());
const text = (maxLength: number) => fc.string({ unit: "grapheme", minLength: 1, maxLength });
const withLineBreaks = fc.string({
  unit: fc.constantFrom("a", ",", ";", "\\", ":", '"', "n", "\n", "é", "🌱", " "),
  minLength: 1,
  maxLength: 300,
});
const anyTask: fc.Arbitrary<PublishedTask> = fc.record({
  id: fc.uuid({ version: 7 }),
  title: fc.oneof(text(200), withLineBreaks),
  description: fc.option(fc.oneof(text(300), withLineBreaks)),
  status: fc.constantFrom("todo", "in_progress"),
  priority: fc.integer({ min: 0, max: 3 }),
  dueDate: fc.option(date.map((moment) => moment.slice(0, 10))),
  dueAt: fc.option(date),
  deadline: fc.option(date.map((moment) => moment.slice(0, 10))),
  // ical.js does not recognize that the backslash before a separating comma is itself escaped.
  labels: fc.array(
    fc.oneof(text(64), withLineBreaks).filter((label) => !label.endsWith("\\")),
    { maxLength: 5 },
  ),
  version: fc.integer({ min: 1, max: 1000 }),
  createdAt: date,
  updatedAt: date,
});

test("ical.js reads the tasks that were written", () => {
  fc.assert(
    fc.property(fc.array(anyTask, { maxLength: 4 }), (tasks) => {
      const calendar = new ICAL.Component(ICAL.parse(calendarOf(tasks)));
      const read = calendar.getAllSubcomponents("vtodo").map((todo) => ({
        uid: todo.getFirstPropertyValue("uid"),
        summary: todo.getFirstPropertyValue("summary"),
        description: todo.getFirstPropertyValue("description"),
        labels: todo.getFirstProperty("categories")?.getValues() ?? [],
        due: todo.getFirstPropertyValue("due")?.toString() ?? null,
        sequence: todo.getFirstPropertyValue("sequence"),
      }));
      expect(read).toEqual(
        tasks.map(({ id, title, description, labels, dueAt, dueDate, deadline, version }) => ({
          uid: `urn:uuid:${id}`,
          summary: title,
          description,
          labels,
          due: dueAt ? `${dueAt.slice(0, 19)}Z` : (dueDate ?? deadline),
          sequence: version - 1,
        })),
      );
    }),
    { numRuns: 1_000 },
  );
});
