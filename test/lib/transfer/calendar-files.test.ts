import { describe, expect, test } from "vitest";
import { calendar, todo } from "./calendars.js";
import { lines, rowsOf, tasksOf } from "./read.js";

describe("a calendar of another program", () => {
  const small = calendar(...todo("SUMMARY:Water", "PRIORITY:1"));
  test.each([
    ["LF", small.replaceAll("\r\n", "\n")],
    ["a byte order mark", `\ufeff${small}`],
    ["no line break at the end", small.trimEnd()],
    ["empty lines and spaces", small.replaceAll("\r\n", "\r\n\r\n").replace("VTODO", "VTODO ")],
    ["names in lower case", small.replaceAll(/BEGIN.*|END.*/g, (text) => text.toLowerCase())],
    ["lines that are not properties", small.replace("SUMMARY", "no property\r\n;:\r\nSUMMARY")],
  ])("may have %s", async (_, content) => {
    expect(await tasksOf("ics", content)).toMatchObject([{ title: "Water", priority: 3 }]);
  });

  test("reports components other than tasks as skipped rows, except for time zones", async () => {
    const other = (name: string) => [`BEGIN:${name}`, "UID:x", "SUMMARY:x", `END:${name}`];
    const zone = ["BEGIN:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "END:STANDARD", "END:VTIMEZONE"];
    const texts = [...zone, ...other("VEVENT"), ...todo("SUMMARY:a"), ...other("VJOURNAL")];
    const skipped = { skipped: "Only VTODOs are tasks." };
    expect(await rowsOf("ics", calendar(...texts))).toMatchObject([
      skipped,
      { task: { title: "a" } },
      skipped,
    ]);
  });

  test("may be one of several in a file", async () => {
    const content = calendar(...todo("SUMMARY:a")) + calendar(...todo("SUMMARY:b"));
    expect((await tasksOf("ics", content)).map(({ title }) => title)).toEqual(["a", "b"]);
  });

  test.each([
    ["nothing", ""],
    ["another format", "title\r\nWater\r\n"],
    ["a VTODO alone", lines(...todo("SUMMARY:a"))],
    ["a task that does not end", calendar(...todo("SUMMARY:a")).replace("END:VTODO\r\n", "")],
    [
      "a component that ends with another name",
      calendar(...todo("SUMMARY:a")).replace("END:VTODO", "END:VEVENT"),
    ],
    ["a download that broke off", small.slice(0, small.indexOf("END:VCALENDAR"))],
    ["an END before its BEGIN", `END:VTODO\r\n${small}`],
  ])("is refused with %s", async (_, content) => {
    await expect(rowsOf("ics", content)).rejects.toMatchObject({
      code: "invalid-request",
      options: {
        errors: [
          { pointer: "/content", message: "must be iCalendar, from BEGIN:VCALENDAR to END:VCALENDAR" },
        ],
      },
    });
  });
});
