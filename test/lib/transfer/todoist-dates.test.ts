import { describe, expect, test } from "vitest";
import { lines, rowsOf } from "./read.js";

type Cells = { DATE?: string; TIMEZONE?: string; DEADLINE?: string };

const read = async ({ DATE = "", TIMEZONE = "", DEADLINE = "" }: Cells, timeZone?: string) => {
  const row = ["task", "Water", DATE, TIMEZONE, DEADLINE].map((cell) => `"${cell}"`).join(",");
  const content = lines("TYPE,CONTENT,DATE,TIMEZONE,DEADLINE", row);
  const [read] = await rowsOf("todoist", content, timeZone);
  if (!read || !("task" in read)) throw new Error(`refused: ${JSON.stringify(read)}`);
  const { due = null, deadline = null } = read.task;
  return { due, deadline, notes: read.notes };
};

const date = "2026-10-05";
const TIMEZONE = "Europe/Copenhagen";
const leftOut = (text: string) => `The date “${text}” was left out.`;

describe("a date of Todoist", () => {
  test.each([
    "2026-10-05",
    "Oct 5 2026",
    "5 Oct 2026",
    "Oct 5, 2026",
    "October 5, 2026",
    "5 October 2026",
    "05 oct. 2026",
    "5. Oct 2026",
  ])("such as %s is a due date", async (DATE) => {
    expect(await read({ DATE })).toEqual({ due: { date }, deadline: null, notes: [] });
  });

  test.each([
    ["2026-10-05T18:30:00", "18:30"],
    ["2026-10-05 18:30", "18:30"],
    ["Oct 5 2026 9:05", "09:05"],
    ["5 Oct 2026 at 09:05", "09:05"],
  ])("such as %s has a time, in the time zone of the row", async (DATE, time) => {
    const due = { date, time, timeZone: TIMEZONE };
    expect(await read({ DATE, TIMEZONE }, "America/New_York")).toEqual({ due, deadline: null, notes: [] });
    expect(await read({ DATE }, TIMEZONE)).toMatchObject({ due });
  });

  test.each([undefined, "GMT +3:00", "Europe/Atlantis"])(
    "with a time in the zone %s keeps only its day",
    async (zone = "") => {
      expect(await read({ DATE: "Oct 5 2026 9:05", TIMEZONE: zone })).toEqual({
        due: { date },
        deadline: null,
        notes: ["The time was left out: its time zone is missing or unknown."],
      });
    },
  );

  test.each([
    "every day",
    "every 2nd friday at 9:00",
    "tomorrow",
    "Oct 5",
    "5 okt 2026",
    "2026-02-30",
    "30 Feb 2026",
    "2026-13-01",
    "2026-00-10",
    "Oct 32 2026",
    "0 Oct 2026",
    "1899-12-31",
    "2400-01-01",
    "2026-10-05 24:00",
    "2026-10-05 9:60",
    "Oct 5 2026 9:05 AM",
  ])("such as %s is left out, and the task stays", async (DATE) => {
    expect(await read({ DATE, TIMEZONE })).toEqual({ due: null, deadline: null, notes: [leftOut(DATE)] });
  });

  test("that is long is shortened in its note", async () => {
    const { notes } = await read({ DATE: `every ${"day ".repeat(100)}` });
    expect(notes[0]).toMatch(/^The date “every (day ){13}d…” was left out\.$/);
  });
});

describe("a deadline of Todoist", () => {
  test.each(["2026-10-05", "Oct 5 2026", "Oct 5 2026 9:05"])("such as %s is a day", async (DEADLINE) => {
    expect(await read({ DEADLINE })).toEqual({ due: null, deadline: date, notes: [] });
  });

  test.each(["2026-02-30", "soon"])("such as %s is left out, and the task stays", async (DEADLINE) => {
    const { deadline, notes } = await read({ DATE: date, DEADLINE });
    expect([deadline, notes]).toEqual([null, [leftOut(DEADLINE)]]);
  });
});
