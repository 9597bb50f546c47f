import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { pointersOf } from "../tasks/new-task.js";
import { importFile, lines, outcomesOf, sendFile } from "./files.js";

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

/** A project as Todoist exports it, with empty rows between the sections. */
const project = lines(
  "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG",
  "meta,view_style=list,,,,,,,,,,,,",
  "section,Balcony,,,,,,,,,,,,",
  'task,Plan the beds @garden,"Sun, and shade",1,1,Ada (1),,Oct 5 2026 9:05,en,Europe/Copenhagen,,None,2026-10-09,en',
  "task,Buy soil @garden @shop,,4,2,Ada (1),Grace (2),2026-10-06,en,Europe/Copenhagen,45,minute,,",
  "task,Measure,,3,3,Ada (1),,,,,,None,,",
  "note,The large one,,,,Ada (1),,,,,,,,",
  ",,,,,,,,,,,,,",
  "section,Kitchen,,,,,,,,,,,,",
  "task,Water the herbs,,2,1,Ada (1),,every day,en,Europe/Copenhagen,,None,,",
  "task,Repot,,,1,Ada (1),,2026-02-30,en,,,None,,",
);

describe("POST /api/tasks/import of Todoist", () => {
  test("creates the tasks of a project, and reports each row", async () => {
    const { id: projectId } = await createProject(ada);
    const report = await importFile(ada, { format: "todoist", content: project, projectId });
    expect(report.created).toBe(5);
    expect(outcomesOf(report)).toEqual([
      "skipped",
      "skipped",
      "created",
      "created",
      "created",
      "skipped",
      "skipped",
      "created",
      "created",
    ]);
    const notes = report.rows.map(({ row, notes = [] }: { row: number; notes?: string[] }) => [
      row,
      ...notes,
    ]);
    expect(notes).toEqual([
      [1, "A setting is not a task."],
      [2, "A section is not a task. Its tasks are imported."],
      [3],
      [4, "The person responsible was left out.", "The duration was left out."],
      [5, "A subtask of a subtask became one of the task above both."],
      [6, "A comment is not a task."],
      [7, "A section is not a task. Its tasks are imported."],
      [8, "The date “every day” was left out."],
      [9, "The date “2026-02-30” was left out."],
    ]);
    const tasks = await tasksOf(ada);
    const [plan, soil, measure, herbs, repot] = tasks;
    expect(tasks).toHaveLength(5);
    expect(plan).toMatchObject({
      title: "Plan the beds",
      description: "Sun, and shade",
      priority: 3,
      due: { date: "2026-10-05", time: "09:05", timeZone: "Europe/Copenhagen" },
      dueAt: "2026-10-05T07:05:00.000Z",
      deadline: "2026-10-09",
      labels: ["garden"],
      status: "todo",
      projectId,
      parentId: null,
    });
    expect(soil).toMatchObject({ title: "Buy soil", priority: 0, due: { date: "2026-10-06" } });
    expect(soil).toMatchObject({ labels: ["garden", "shop"], projectId, parentId: plan.id });
    expect(measure).toMatchObject({ title: "Measure", priority: 1, due: null, parentId: plan.id });
    expect(herbs).toMatchObject({ title: "Water the herbs", priority: 2, due: null, parentId: null });
    expect(repot).toMatchObject({ title: "Repot", priority: 3, due: null, parentId: null });
  });

  test("uses the time zone of the request for times without one", async () => {
    const content = lines("TYPE,CONTENT,DATE", "task,Call,2026-10-05 18:30");
    await importFile(ada, { format: "todoist", content, timeZone: "asia/tokyo" });
    expect(await tasksOf(ada)).toMatchObject([
      {
        due: { date: "2026-10-05", time: "18:30", timeZone: "Asia/Tokyo" },
        dueAt: "2026-10-05T09:30:00.000Z",
      },
    ]);
  });

  test("refuses a row with a priority that Todoist does not have, and creates the others", async () => {
    const content = lines("TYPE,CONTENT,PRIORITY", "task,a,1", "task,b,5", "constructor,c,1", "task,d,4");
    const report = await importFile(ada, { format: "todoist", content });
    expect(outcomesOf(report)).toEqual(["created", "refused", "skipped", "created"]);
    expect(report.rows[1].errors).toMatchObject([{ pointer: "/priority" }]);
  });

  test.each([
    ["CSV of the export", "title\r\nWater\r\n"],
    ["nothing", ""],
    ["an open quote", 'TYPE,CONTENT\r\ntask,"Water'],
  ])("returns 422 for %s", async (_, content) => {
    const response = await sendFile(ada, { format: "todoist", content });
    expect([response.status, response.code]).toEqual([422, "invalid-request"]);
    expect(pointersOf(response)).toEqual(["/content"]);
  });
});
