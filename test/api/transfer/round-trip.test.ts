import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { createTask } from "../tasks/new-task.js";
import { exportFile, importFile, outcomesOf } from "./files.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const contentsOf = (text: string) => {
  const { exportedAt: _, ...contents } = JSON.parse(text);
  return contents;
};

/** Creates a task for each member, in an order that differs from that of creation. */
async function fill(person: TestUser): Promise<void> {
  const { id: projectId } = (await createProject(person)).project;
  const { path: archived } = await createProject(person, "Old flat");
  const { task: plain } = await createTask(person, { title: "=1+1" });
  const { task: parent } = await createTask(person, {
    title: "Élan “quoted”, with 日本",
    description: "two\nlines; and, commas \\ and a tab\t",
    priority: 3,
    labels: ["Garden", "a, b"],
    projectId,
  });
  await createTask(person, { parentId: parent.id, deadline: "2027-01-31" });
  const due = { date: "2026-12-31", time: "09:30", timeZone: "Europe/Copenhagen" };
  const rule = { rule: "FREQ=MONTHLY;COUNT=5", from: "due" };
  const { task: recurring } = await createTask(person, { due, recurrence: rule });
  const { client, token } = person;
  await client.patch(archived, { archived: true }, { token });
  await client.patch(`/api/tasks/${recurring.id}`, { status: "done" }, { token });
  await client.post(`/api/tasks/${parent.id}/move`, { before: plain.id }, { token });
}

/** Deletes everything that an export contains. */
async function empty({ id }: TestUser): Promise<void> {
  for (const table of ["tasks", "trashed_tasks", "projects", "tombstones"]) {
    await stack.sql(`delete from ${table} where user_id = $1`, [id]);
  }
}

describe("GET /api/tasks/export and POST /api/tasks/import", () => {
  test("importing JSON into an empty account and exporting it again gives the same file", async () => {
    const ada = await signUp(stack);
    await fill(ada);
    const content = await exportFile(ada, "json");
    expect(contentsOf(content).tasks).toHaveLength(5);
    await empty(ada);
    const report = await importFile(ada, { format: "json", content });
    expect(outcomesOf(report)).toEqual(Array(5).fill("created"));
    expect(contentsOf(await exportFile(ada, "json"))).toEqual(contentsOf(content));
  });
});
