import fc from "fast-check";
import { expect, test } from "vitest";
import { calendarEnd, calendarStart, calendarTasks, type PublishedTask } from "../../../lib/feed/calendar.js";
import { prepareFile } from "../../../lib/transfer/prepare/file.js";
import { readFile } from "../../../lib/transfer/read-file.js";
import { rowsOf, taskIn } from "./read.js";

const pad = (octet: number) => octet.toString(16).padStart(2, "0");
const id = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((octets) => `019aaf3e-7c5b-7d7a-9a53-${[...octets].map(pad).join("").slice(0, 12)}`);
const moment = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2026-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const anyText = fc.string({ unit: fc.constantFrom(..."a,;\\:\"'nN =é語🌱"), minLength: 1, maxLength: 100 });
const oneLine = (maxLength: number) =>
  anyText.map((text) => text.slice(0, maxLength).toWellFormed().trim()).filter((text) => text !== "");
const dueDate = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2399-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const due = fc.oneof(
  fc.constant({ dueDate: null, dueAt: null }),
  dueDate.map((date) => ({ dueDate: date, dueAt: null })),
  moment.map((instant) => ({ dueDate: "2026-01-01", dueAt: `${instant.slice(0, 16)}:00.000Z` })),
);

const anyTask: fc.Arbitrary<PublishedTask> = fc
  .record({
    id,
    title: oneLine(500),
    description: fc.option(
      fc.array(anyText, { minLength: 1, maxLength: 4 }).map((texts) => texts.join("\n")),
    ),
    priority: fc.integer({ min: 0, max: 3 }),
    labels: fc.uniqueArray(oneLine(64), { maxLength: 5, selector: (label) => label.toLowerCase() }),
    state: fc.oneof(
      fc
        .constantFrom("todo" as const, "in_progress" as const)
        .map((status) => ({ status, completedAt: null })),
      moment.map((completedAt) => ({ status: "done" as const, completedAt })),
    ),
    due,
    createdAt: moment,
    version: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ state, due, ...task }) => ({
    ...task,
    ...state,
    ...due,
    deadline: null,
    parentId: null,
    updatedAt: task.createdAt,
  }));

const toSeconds = (instant: string | null | undefined) => instant && `${instant.slice(0, 19)}.000Z`;

/** The due date in the calendar. An instant has lost its zone. */
const dueOf = ({ dueDate, dueAt }: PublishedTask) => {
  if (dueAt) return { date: dueAt.slice(0, 10), time: dueAt.slice(11, 16), timeZone: "UTC" };
  return dueDate ? { date: dueDate } : undefined;
};

const write = (tasks: readonly PublishedTask[]) => calendarStart + calendarTasks(tasks) + calendarEnd;

test("an exported calendar gives the same tasks back, with times to the second", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyTask, { maxLength: 4 }), async (tasks) => {
      const rows = await rowsOf("ics", write(tasks));
      expect(rows.map(taskIn)).toMatchObject(
        tasks.map(({ id, title, description, status, priority, labels, completedAt, createdAt }) => ({
          ...{ id, title, description, status, priority, labels },
          createdAt: toSeconds(createdAt),
          ...(completedAt ? { completedAt: toSeconds(completedAt) } : {}),
        })),
      );
      expect(rows.map((row) => taskIn(row).due)).toEqual(tasks.map(dueOf));
      expect(rows.flatMap((row) => ("notes" in row ? row.notes : []))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("subtasks keep their parents", async () => {
  const [parent, other] = fc.sample(anyTask, { numRuns: 2, seed: 1 });
  if (!parent || !other) throw new Error("no sample");
  const subtask = { ...other, id: "019aaf3e-7c5b-7d7a-9a53-000000000001", parentId: parent.id };
  const request = { content: write([parent, subtask]), dryRun: false, projectId: null } as const;
  for (const ids of ["keep", "new"] as const) {
    const file = await readFile({ ...request, format: "ics", ids });
    const { tasks } = await prepareFile(file, { ...request, ids, userId: parent.id });
    expect(tasks).toMatchObject([
      { id: ids === "keep" ? parent.id : null, parentPlace: null },
      { id: ids === "keep" ? subtask.id : null, parentPlace: 0 },
    ]);
  }
});

test("the same tasks give the same bytes, in lines of 75 octets at most", () => {
  fc.assert(
    fc.property(fc.array(anyTask, { maxLength: 4 }), (tasks) => {
      const text = write(tasks);
      expect(write(tasks)).toBe(text);
      for (const line of text.split("\r\n")) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
        expect(line).not.toMatch(/[\r\n]/);
      }
    }),
    { numRuns: 300 },
  );
});
