import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../../../lib/problem.js";
import { importLimits } from "../../../lib/transfer/limits.js";
import { nastyFiles } from "./nasty-files.js";
import { prepare } from "./read.js";

const formats = ["json", "csv", "todoist", "ics"] as const;

/** Reads a file, and accepts a Problem about its content as a refusal. Any other error fails the test. */
async function readOrRefuse(format: (typeof formats)[number], content: string): Promise<void> {
  try {
    const { rows, tasks } = await prepare(format, content);
    const refused = rows.filter(({ outcome }) => outcome !== undefined);
    expect(tasks.length + refused.length).toBe(rows.length);
    for (const { notes = [] } of rows) for (const note of notes) expect(note).toBeTypeOf("string");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error).toMatchObject({ code: "invalid-request", options: { errors: [{ pointer: "/content" }] } });
  }
}

const json = fc.json({ maxDepth: 4 });
const cell = fc.constantFrom(
  ..."\"',\r\n\t;=@ \ufeff\0",
  '""',
  '","',
  "title",
  "TYPE",
  "task",
  "constructor",
);
const words = fc.constantFrom(
  ...["BEGIN:", "END:", "VCALENDAR", "VTODO", "VALARM", "VTIMEZONE", "\r\n", "\n", "\n ", ":", ";", '"', "="],
  ...[
    "SUMMARY:",
    "UID:",
    "RELATED-TO:",
    "DUE:",
    "TZID",
    "RRULE:",
    "CATEGORIES:",
    "20260101",
    "T250000Z",
    "\\",
    ",",
  ],
);
const soup = fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets).toString("utf8"));
const heads = {
  json: ["", '{"tasks":[', '{"projects":'],
  csv: ["", "title\n", "title,labels,dueDate,priority,recurrenceRule,id\n"],
  todoist: ["", "TYPE,CONTENT\n", "TYPE,CONTENT,DATE,INDENT,PRIORITY\ntask,"],
  ics: ["", "BEGIN:VCALENDAR\n", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:"],
};

describe.each(formats)("any text as %s", (format) => {
  const tail = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    soup,
    json,
    fc.array(cell, { maxLength: 60 }).map((parts) => parts.join("")),
    fc.array(words, { maxLength: 60 }).map((parts) => parts.join("")),
  );
  const end = fc.constantFrom("", "]}", "\nEND:VTODO\nEND:VCALENDAR\n");

  test("is read or refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads[format]), tail, end, (head, text, last) =>
        readOrRefuse(format, head + text + last),
      ),
      { numRuns: 1_000 },
    );
  });
});

test("any JSON as a task is read or refused", async () => {
  const names = fc.constantFrom(
    "id",
    "title",
    "due",
    "labels",
    "recurrence",
    "parentId",
    "createdAt",
    "priority",
  );
  const task = fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }));
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 3 }), (tasks) =>
      readOrRefuse("json", JSON.stringify({ tasks: tasks.map((members) => ({ title: "a", ...members })) })),
    ),
    { numRuns: 1_000 },
  );
});

/** Detects backtracking and quadratic copies, which would take minutes. The slowest file takes 0.9 s. */
const maxMs = 2_000;

describe("a file of 1 MiB is read or refused within 2 s of CPU time", () => {
  test.each(nastyFiles)("%s of %s", async (format, _, content) => {
    expect(content.length).toBeLessThanOrEqual(importLimits.contentCharacters);
    const startedAt = process.cpuUsage();
    await readOrRefuse(format, content);
    const { user, system } = process.cpuUsage(startedAt);
    expect((user + system) / 1_000).toBeLessThan(maxMs);
  });
});
