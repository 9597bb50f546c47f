import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask, pointersOf } from "../tasks/new-task.js";
import { calendars } from "./calendar-sample.js";
import { exportFile, importFile, outcomesOf, sendFile } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const tasksOf = async ({ client, token }: TestUser) =>
  (await client.get("/api/tasks?sort=position", { token })).json.data;

describe("POST /api/tasks/import of iCalendar", () => {
  test("creates the tasks in other programs' calendars, and reports each row", async () => {
    const report = await importFile(ada, { format: "ics", content: calendars });
    expect(outcomesOf(report)).toEqual(["created", "skipped", "created", "created", "created"]);
    expect(report.rows.map(({ notes = [] }: { notes?: string[] }) => notes)).toEqual([
      [],
      ["Only VTODOs are tasks."],
      [],
      [],
      [
        "The time was left out: its time zone is missing or unknown.",
        "The parent was left out: the file does not have it.",
        "The recurrence was left out.",
      ],
    ]);
    const tasks = await tasksOf(ada);
    const [beds] = tasks;
    expect(tasks).toMatchObject([
      {
        title: "Plan the beds",
        description: "Sun, and shade\nand soil",
        status: "in_progress",
        priority: 2,
        due: { date: "2026-10-05", time: "09:05", timeZone: "Europe/Copenhagen" },
        labels: ["Garden", "Home, sweet"],
        createdAt: "2026-01-01T08:00:00.000Z",
        recurrence: null,
      },
      { title: "Buy soil", status: "done", completedAt: "2026-01-05T08:00:00.000Z", parentId: beds.id },
      {
        title: "Water the herbs",
        due: { date: "2026-10-05" },
        recurrence: { rule: "FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231", from: "due" },
      },
      { title: "Repot", due: { date: "2026-10-05" }, recurrence: null, parentId: null },
    ]);
  });

  test("finds the same tasks by their UIDs after they have changed in the other program", async () => {
    await importFile(ada, { format: "ics", content: calendars });
    const changed = calendars.replace("Buy soil", "Buy more soil").replace("PRIORITY:5", "PRIORITY:1");
    const report = await importFile(ada, { format: "ics", content: changed });
    expect(outcomesOf(report)).toEqual(["exists", "skipped", "exists", "exists", "exists"]);
  });

  test("reads an exported calendar, in the same account and in another", async () => {
    const { task: parent } = await createTask(ada, {
      title: "Élan; with, 日本  and 🌱",
      description: " two\nlines \\ and, more\n",
      priority: 3,
      labels: ["Garden", "a, b"],
      due: { date: "2026-12-31", time: "09:30", timeZone: "Europe/Copenhagen" },
    });
    await createTask(ada, { title: "Done", status: "done", parentId: parent.id });
    await createTask(ada, { title: "On a day", status: "in_progress", due: { date: "2026-12-24" } });
    const content = await exportFile(ada, "ics");
    const before = await tasksOf(ada);
    await ada.client.delete(`/api/tasks/${parent.id}`, { token: ada.token });
    expect(outcomesOf(await importFile(ada, { format: "ics", content }))).toEqual([
      "deleted",
      "exists",
      "deleted",
    ]);

    const grace = await seedUser(stack);
    const report = await importFile(grace, { format: "ics", content, ids: "new" });
    expect(outcomesOf(report)).toEqual(["created", "created", "created"]);
    const after = await tasksOf(grace);
    const [first] = after;
    const toSeconds = (instant: string | null) => instant && `${instant.slice(0, 19)}.000Z`;
    const kept = ["title", "description", "status", "priority", "labels", "dueAt"];
    const keptOf = (task: Record<string, unknown>) => kept.map((name) => task[name]);
    expect(after.map(keptOf).sort()).toEqual(before.map(keptOf).sort());
    for (const task of after) {
      const same = before.find(({ title }: { title: string }) => title === task.title);
      expect(task.createdAt).toBe(toSeconds(same.createdAt));
      expect(task.completedAt).toBe(toSeconds(same.completedAt));
      expect(task.parentId).toBe(same.parentId && first.id);
    }
  });

  test.each([
    ["CSV", "title\r\nWater\r\n"],
    ["nothing", ""],
    ["a download that broke off", calendars.slice(0, -20)],
  ])("returns 422 for %s", async (_, content) => {
    const response = await sendFile(ada, { format: "ics", content });
    expect([response.status, response.code]).toEqual([422, "invalid-request"]);
    expect(pointersOf(response)).toEqual(["/content"]);
  });
});
