import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject, projectNames } from "../projects/new-project.js";
import { createTask } from "../tasks/new-task.js";
import { fileTask, importFile, jsonFile, outcomesOf, resultsOf } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const read = async (id: string, { client, token } = ada) =>
  (await client.get(`/api/tasks/${id}`, { token })).json;

describe("POST /api/tasks/import gives tasks their ids", () => {
  test("gives tasks the ids, parents, projects and times in the file", async () => {
    const project = { id: uuidv7(), name: "Flat" };
    const createdAt = "2020-02-29T12:00:00.000Z";
    const parent = fileTask({ projectId: project.id, createdAt });
    const child = fileTask({ parentId: parent.id, status: "done", completedAt: createdAt });
    const report = await importFile(ada, jsonFile([child, parent], { projects: [project] }));
    expect(resultsOf(report)).toEqual(["created", "created"]);
    expect(await read(parent.id)).toMatchObject({
      projectId: project.id,
      parentId: null,
      createdAt,
      version: 1,
    });
    expect(await read(child.id)).toMatchObject({
      projectId: project.id,
      parentId: parent.id,
      completedAt: createdAt,
    });
  });

  test("gives a task without a creation time that of the account", async () => {
    const report = await importFile(ada, jsonFile([{ title: "Water" }]));
    const [row] = await stack.sql("select created_at from users where id = $1", [ada.id]);
    const { createdAt, id } = await read(report.rows[0].id);
    expect(Date.parse(createdAt)).toBe(Math.floor(Number(row?.["created_at"])));
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.parse(createdAt));
  });

  // @proof import-stays-in-account
  test("with new ids, creates separate tasks in another account, and the same ids on a repeat", async () => {
    const project = { id: uuidv7(), name: "Flat" };
    const parent = fileTask({ projectId: project.id });
    const file = jsonFile([parent, fileTask({ parentId: parent.id })], { projects: [project] });
    await importFile(ada, file);
    const grace = await signUp(stack);
    expect(resultsOf(await importFile(grace, file))).toEqual(["/id", "/id"]);
    const [first, second] = [
      await importFile(grace, { ...file, ids: "new" }),
      await importFile(grace, { ...file, ids: "new" }),
    ];
    expect([outcomesOf(first), outcomesOf(second)]).toEqual([
      ["created", "created"],
      ["exists", "exists"],
    ]);
    const [{ id: newParent }, { id: newChild }] = first.rows;
    expect(await read(newChild, grace)).toMatchObject({ parentId: newParent });
    expect((await read(newParent, grace)).projectId).not.toBe(project.id);
    expect(await projectNames(grace)).toEqual(["Flat"]);
  });

  test("gives a row the same id each time in one account, and another id in another account", async () => {
    const rows = jsonFile([{ title: "Water", createdAt: "2020-02-29T12:00:00Z" }]);
    const [grace, [first]] = [await signUp(stack), (await importFile(ada, rows)).rows];
    const [[same], [other]] = [(await importFile(ada, rows)).rows, (await importFile(grace, rows)).rows];
    expect([same, other]).toEqual([
      { ...first, outcome: "exists" },
      { ...first, id: expect.not.stringContaining(first.id) },
    ]);
  });

  test("refuses ids that a client may not choose, and reports at most five errors per row", async () => {
    const ids = [crypto.randomUUID(), uuidv7().replace(/^.{8}/, "ffffffff")];
    const wrong = { title: "", status: 1, priority: 9, due: 1, deadline: 1, labels: 1 };
    const { rows } = await importFile(ada, jsonFile([...ids.map((id) => fileTask({ id })), wrong]));
    expect(resultsOf({ rows })).toEqual(["/id", "/id", "/title"]);
    expect(rows[2].errors).toHaveLength(5);
  });

  test("refuses the subtasks of a refused task, and a second row with the same id", async () => {
    const parent = fileTask({ title: "" });
    const twin = fileTask();
    const report = await importFile(ada, jsonFile([parent, fileTask({ parentId: parent.id }), twin, twin]));
    expect(resultsOf(report)).toEqual(["/title", "/parentId", "created", "/id"]);
  });

  test("refuses a task with the id of a project, in the file or in the account, and the reverse", async () => {
    const [known, given, { task }] = [(await createProject(ada)).project, uuidv7(), await createTask(ada)];
    const tasks = [{ id: known.id }, { id: given }, { projectId: given }, { projectId: task.id }].map(
      fileTask,
    );
    const projects = [
      { id: given, name: "Given" },
      { id: task.id, name: "Taken" },
    ];
    const report = await importFile(ada, jsonFile(tasks, { projects }));
    expect(resultsOf(report)).toEqual(["/id", "/id", "created", "/projectId"]);
  });

  test("refuses a row whose id equals the derived id of another row", async () => {
    const row = { title: "Water" };
    const { rows } = await importFile(ada, { ...jsonFile([row]), dryRun: true });
    const report = await importFile(ada, jsonFile([row, fileTask({ id: rows[0].id })]));
    expect(resultsOf(report)).toEqual(["created", "/id"]);
  });
});
