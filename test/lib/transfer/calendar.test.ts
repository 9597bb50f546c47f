import { describe, expect, test } from "vitest";
import { calendar, todo } from "./calendars.js";
import { rowsOf, tasksOf } from "./read.js";

const read = (...properties: string[]) => rowsOf("ics", calendar(...todo("SUMMARY:Water", ...properties)));

describe("a VTODO of another program", () => {
  test.each([
    ["a fold at any octet", "SUM\r\n MARY:Wa\r\n\tter \r\n th\r\n e pla\r\n nts"],
    ["a name in lower case", "summary:Water the plants"],
    ["a parameter", "SUMMARY;LANGUAGE=en:Water the plants"],
    ["a quoted parameter", 'SUMMARY;ALTREP="http://example.com/a;b:c":Water the plants'],
    ["several quoted values", 'SUMMARY;X-A="a","b",c;X-B="":Water the plants'],
    ["line breaks and controls", "SUMMARY:Water\\nthe\u0007plants"],
    ["spaces around it", "SUMMARY:  Water the plants "],
  ])("has a title with %s", async (_, summary) => {
    const [read] = await tasksOf("ics", calendar(...todo(summary)));
    expect(read?.title).toBe("Water the plants");
  });

  test("has unescaped text, and keeps colons and quotes", async () => {
    const text = String.raw`DESCRIPTION:a\, b\; c\\n d: "e"\n\Nf \x`;
    expect(await read(text)).toMatchObject([{ task: { description: 'a, b; c\\n d: "e"\n\nf \\x' } }]);
  });

  test.each([
    ["CATEGORIES:Garden,Home\\, sweet", ["Garden", "Home, sweet"]],
    ["CATEGORIES: Garden , ,,Home", ["Garden", "Home"]],
    ["CATEGORIES:Garden\r\nCATEGORIES;LANGUAGE=en:Home,garden", ["Garden", "Home"]],
    ["CATEGORIES:a\\\\,b", ["a\\", "b"]],
    ["CATEGORIES:", []],
  ])("with %j has the labels %j", async (property, labels) => {
    expect(await read(property)).toMatchObject([{ task: { labels } }]);
  });

  test.each([
    ["0", 0],
    ["1", 3],
    ["2", 3],
    ["3", 3],
    ["4", 3],
    ["5", 2],
    ["6", 1],
    ["7", 1],
    ["8", 1],
    ["9", 1],
    ["10", 0],
    ["-1", 0],
    ["", 0],
    ["HIGH", 0],
  ])("of the priority %j has %i", async (value, priority) => {
    expect(await read(`PRIORITY:${value}`)).toMatchObject([{ task: { priority } }]);
  });

  const completed = "COMPLETED:20260105T080000Z";
  test.each([
    [["STATUS:NEEDS-ACTION"], "todo", undefined],
    [["STATUS:in-process"], "in_progress", undefined],
    [["STATUS:COMPLETED"], "done", undefined],
    [["STATUS:COMPLETED", completed], "done", "2026-01-05T08:00:00.000Z"],
    [["STATUS:CANCELLED"], "done", undefined],
    [[completed], "done", "2026-01-05T08:00:00.000Z"],
    [["STATUS:X-WAITING"], "todo", undefined],
    [[], "todo", undefined],
  ])("with %j is %s", async (properties, status, completedAt) => {
    const [row] = await read(...properties);
    expect(row).toMatchObject({ task: { status }, notes: [] });
    expect(row).toHaveProperty("task.completedAt", completedAt);
  });

  test.each([
    ["COMPLETED:20260105T080000", "completion"],
    ["COMPLETED:20261399T998080Z", "completion"],
    ["COMPLETED:22000101T000000Z", "completion"],
    ["CREATED:19000101T120000Z", "creation"],
    ["CREATED:yesterday", "creation"],
  ])("with %s is kept, without its time of %s", async (property, what) => {
    expect(await read(property)).toMatchObject([
      { task: { title: "Water" }, notes: [`The time of ${what} was left out.`] },
    ]);
  });

  test.each(["EXDATE;VALUE=DATE:20260108", "RDATE;VALUE=DATE:20260109", "RECURRENCE-ID;VALUE=DATE:20260110"])(
    "with %s is kept, with a note",
    async (property) => {
      const rows = await read("DUE;VALUE=DATE:20260107", "RRULE:FREQ=WEEKLY", property);
      expect(rows).toMatchObject([
        { task: { recurrence: { rule: "FREQ=WEEKLY" } }, notes: [`${property.split(";")[0]} was left out.`] },
      ]);
    },
  );

  test("does not have the properties of its alarms", async () => {
    const alarm = ["BEGIN:VALARM", "SUMMARY:Alarm", "DESCRIPTION:Alarm", "DUE:20260101", "END:VALARM"];
    const content = calendar(...todo(...alarm, "SUMMARY:Water", ...alarm));
    const [read] = await tasksOf("ics", content);
    expect([read?.title, read?.description, read?.due]).toEqual(["Water", null, undefined]);
  });

  test("without a title is refused, and its neighbours are not", async () => {
    const content = calendar(
      ...todo("SUMMARY:a"),
      ...todo("UID:b"),
      ...todo("SUMMARY:"),
      ...todo("SUMMARY:d"),
    );
    expect(await rowsOf("ics", content)).toMatchObject([
      { task: { title: "a" } },
      { errors: [{ pointer: "/title" }] },
      { errors: [{ pointer: "/title" }] },
      { task: { title: "d" } },
    ]);
  });
});
