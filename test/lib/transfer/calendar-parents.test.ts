import { describe, expect, test } from "vitest";
import { calendar, todo } from "./calendars.js";
import { prepare, rowsOf } from "./read.js";

const task = (uid: string, ...properties: string[]) => todo(`UID:${uid}`, `SUMMARY:${uid}`, ...properties);
const under = (uid: string, parent: string) => task(uid, `RELATED-TO:${parent}`);

/** The title of the parent of each task, and the notes. */
async function parentsOf(...todos: string[][]) {
  const rows = await rowsOf("ics", calendar(...todos.flat()));
  const titles = rows.map((row) => ("task" in row ? row.task.title : null));
  return rows.map((row, index) => [
    titles[index],
    "parentRow" in row && row.parentRow !== undefined ? titles[row.parentRow] : null,
    ...("notes" in row ? row.notes : []),
  ]);
}

const deep = "A subtask of a subtask became one of the task above both.";
const cycle = "The parent was left out: the parents form a cycle.";
const missing = "The parent was left out: the file does not have it.";

describe("the parent in RELATED-TO", () => {
  test("is found before or after the task", async () => {
    expect(await parentsOf(under("b", "a"), task("a"), under("c", "a"))).toEqual([
      ["b", "a"],
      ["a", null],
      ["c", "a"],
    ]);
  });

  test.each([
    ["RELATED-TO;RELTYPE=PARENT:a", "a"],
    ['RELATED-TO;RELTYPE="parent":a', "a"],
    ["RELATED-TO;RELTYPE=SIBLING:a", null],
    ["RELATED-TO;RELTYPE=CHILD:a", null],
    ["RELATED-TO;RELTYPE=SIBLING:x\r\nRELATED-TO:a", "a"],
    ["RELATED-TO:", null],
  ])("%j has the parent %s", async (property, parent) => {
    expect(await parentsOf(task("a"), task("b", property))).toEqual([
      ["a", null],
      ["b", parent],
    ]);
  });

  test("is the topmost task, because there is one level of subtasks", async () => {
    expect(await parentsOf(task("a"), under("b", "a"), under("d", "c"), under("c", "b"))).toEqual([
      ["a", null],
      ["b", "a"],
      ["d", "a", deep],
      ["c", "a", deep],
    ]);
  });

  test("in a cycle is left out, also for tasks below it", async () => {
    const todos = [under("a", "b"), under("b", "a"), under("c", "c"), under("d", "a")];
    expect(await parentsOf(...todos)).toEqual(["a", "b", "c", "d"].map((title) => [title, null, cycle]));
  });

  test("is left out if it is not in the file, or is an event", async () => {
    const event = ["BEGIN:VEVENT", "UID:e", "END:VEVENT"];
    expect(await parentsOf(event, under("a", "e"), under("b", "x"))).toEqual([
      [null, null],
      ["a", null, missing],
      ["b", null, missing],
    ]);
  });

  test("is found among earlier imports by an exported UID", async () => {
    const parentId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
    const { tasks } = await prepare("ics", calendar(...under("a", `urn:uuid:${parentId}`)));
    expect(tasks).toMatchObject([{ title: "a", parentId, parentPlace: null }]);
  });

  test("is the first of several tasks with the same UID", async () => {
    const changed = task("a", "RECURRENCE-ID:20260101T000000Z");
    const rows = await rowsOf("ics", calendar(...under("b", "a"), ...task("a"), ...changed));
    expect(rows[0]).toMatchObject({ parentRow: 1 });
  });
});

describe("UID", () => {
  const idOf = async (...todos: string[][]) =>
    (await prepare("ics", calendar(...todos.flat()))).tasks.map(({ id, digest }) => id ?? digest);

  test("gives a task the same identity when its other properties change", async () => {
    const [before] = await idOf(task("a"));
    const [, after] = await idOf(task("b"), todo("SUMMARY:Other", "UID:a", "PRIORITY:1"));
    expect(after).toBe(before);
  });

  test("that several tasks share, or lack, leaves them different tasks", async () => {
    const ids = await idOf(
      task("a"),
      task("a"),
      todo("SUMMARY:a"),
      todo("SUMMARY:a"),
      todo("UID:", "SUMMARY:a"),
    );
    expect(new Set(ids).size).toBe(5);
  });

  test("that an export wrote is the id of the task, in upper or lower case", async () => {
    const uid = "urn:uuid:019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
    const { tasks } = await prepare("ics", calendar(...task(uid), ...task(uid.toUpperCase())));
    const id = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
    expect(tasks.map((row) => row.id)).toEqual([id, id]);
  });
});
