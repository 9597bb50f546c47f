import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { projectNames } from "../projects/new-project.js";
import { createTask, pointersOf } from "../tasks/new-task.js";
import { titlesOf } from "../tasks/pages.js";
import { exportFile, importFile, lines, outcomesOf, sendFile } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const tasksOf = async ({ client, token }: TestUser) =>
  (await client.get("/api/tasks?sort=position", { token })).json.data;

describe("POST /api/tasks/import of CSV", () => {
  test("reads each column", async () => {
    const content = lines(
      "title,description,status,priority,dueDate,dueTime,dueTimeZone,deadline,recurrenceRule,labels,project",
      '"Water, the ""plants""","Line 1\nLine 2",in_progress,3,2026-12-24,09:30,europe/copenhagen,2026-12-31,FREQ=WEEKLY,"Garden, Home",Flat',
    );
    expect(await importFile(ada, { format: "csv", content })).toMatchObject({ dryRun: false, created: 1 });
    expect(await tasksOf(ada)).toMatchObject([
      {
        title: 'Water, the "plants"',
        description: "Line 1\nLine 2",
        status: "in_progress",
        priority: 3,
        due: { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" },
        deadline: "2026-12-31",
        recurrence: { rule: "FREQ=WEEKLY", from: "due" },
        labels: ["Garden", "Home"],
      },
    ]);
    expect(await projectNames(ada)).toEqual(["Flat"]);
  });

  // @proof csv-cells-are-text
  test("reads exported CSV, including cells that look like formulas", async () => {
    const titles = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''@x", "'quoted'", "plain"];
    for (const title of titles) await createTask(ada, { title, description: `\n${title}` });
    const content = await exportFile(ada, "csv");
    expect(content.split(",").filter((cell) => /^"?\s*[=+\-@]/.test(cell))).toEqual([]);
    const grace = await signUp(stack);
    const report = await importFile(grace, { format: "csv", content, ids: "new" });
    expect(outcomesOf(report)).toEqual(titles.map(() => "created"));
    expect(await titlesOf(grace, { sort: "position" })).toEqual(titles);
    expect((await tasksOf(grace)).map(({ description }: { description: string }) => description)).toEqual(
      titles.map((title) => `\n${title}`),
    );
  });

  test.each([
    ["another column", "title,color\r\n"],
    ["a column twice", "title,title\r\n"],
    ["no title", "description\r\n"],
    ["nothing", ""],
    ["a quote that does not end", 'title\r\n"Water'],
  ])("returns 422 for a file with %s", async (_, content) => {
    const response = await sendFile(ada, { format: "csv", content });
    expect(response).toMatchObject({ status: 422, code: "invalid-request" });
    expect(pointersOf(response)).toEqual(["/content"]);
  });

  test("refuses a row with invalid values, and creates the others", async () => {
    const content = lines(
      "title,priority,dueDate",
      ",0,",
      "Wash,9,",
      "Water,2,2026-02-30",
      "Mow,1,2026-12-24",
    );
    const report = await importFile(ada, { format: "csv", content });
    expect(report).toMatchObject({
      created: 1,
      rows: [
        { row: 1, id: null, outcome: "refused", errors: [{ pointer: "/title" }] },
        { row: 2, outcome: "refused", errors: [{ pointer: "/priority" }] },
        { row: 3, outcome: "refused", errors: [{ pointer: "/due/date" }] },
        { row: 4, outcome: "created" },
      ],
    });
    expect(await titlesOf(ada, { sort: "position" })).toEqual(["Mow"]);
  });
});
