import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject, projectNames } from "../projects/new-project.js";
import { createTask, pointersOf } from "../tasks/new-task.js";
import { fileTask, importFile, jsonFile, lines, resultsOf, sendFile } from "./files.js";

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

describe("POST /api/tasks/import", () => {
  test("uses the account's project with the name in a row", async () => {
    const { project } = await createProject(ada, "Flat");
    const content = "title,project\r\nWater,Flat\r\n";
    const { rows } = await importFile(ada, { format: "csv", content });
    expect(await read(rows[0].id)).toMatchObject({ projectId: project.id });
    expect(await projectNames(ada)).toEqual(["Flat"]);
  });

  test("does not revive a deleted project, or use that of another account", async () => {
    const [deleted, { project: foreign }] = [
      await createProject(ada),
      await createProject(await signUp(stack)),
    ];
    await ada.client.delete(deleted.path, { token: ada.token });
    const projects = [deleted.project, foreign].map(({ id }) => ({ id, name: "Flat" }));
    const rows = projects.map(({ id }) => fileTask({ projectId: id }));
    expect(resultsOf(await importFile(ada, jsonFile(rows, { projects })))).toEqual([
      "/projectId",
      "/projectId",
    ]);
    expect(await projectNames(ada)).toEqual([]);
  });

  test("refuses a file with two projects that have the same id", async () => {
    const project = { id: uuidv7(), name: "Flat" };
    const response = await sendFile(ada, jsonFile([], { projects: [project, project] }));
    expect([response.status, pointersOf(response)]).toEqual([422, ["/content"]]);
    expect(response.json.errors[0].message).toContain("/projects/1/id");
  });

  test("creates no label for a refused row", async () => {
    await importFile(ada, jsonFile([fileTask({ labels: ["Garden"], parentId: uuidv7() })]));
    expect((await ada.client.get("/api/labels", { token: ada.token })).json.data).toEqual([]);
  });

  test("puts subtasks into the project of their parent, and refuses those without a valid parent", async () => {
    const { project } = await createProject(ada);
    const { task: known } = await createTask(ada, { projectId: project.id });
    const { task: subtask } = await createTask(ada, { parentId: known.id });
    const child = fileTask({ parentId: known.id });
    const [self, other] = [uuidv7(), await createTask(await signUp(stack))];
    const rows = [
      child,
      fileTask({ parentId: child.id }),
      fileTask({ parentId: subtask.id }),
      fileTask({ id: self, parentId: self }),
      fileTask({ parentId: other.task.id }),
      fileTask({ parentId: uuidv7() }),
    ];
    expect(resultsOf(await importFile(ada, jsonFile(rows)))).toEqual([
      "created",
      ...["/parentId", "/parentId", "/parentId", "/parentId", "/parentId"],
    ]);
    expect(await read(child.id)).toMatchObject({ parentId: known.id, projectId: project.id });
  });

  test.each([
    ["todoist", lines("TYPE,CONTENT,INDENT,PRIORITY", "task,Move,1,9", "task,Pack,2,1")],
    [
      "ics",
      lines(
        "BEGIN:VCALENDAR",
        ...["BEGIN:VTODO", "UID:2", "SUMMARY:Pack", "RELATED-TO:1", "END:VTODO"],
        ...["BEGIN:VTODO", "UID:1", "END:VTODO", "END:VCALENDAR"],
      ),
    ],
  ] as const)("refuses the subtask of a refused row of %s", async (format, content) => {
    const report = await importFile(ada, { format, content });
    expect(resultsOf(report).sort()).toEqual(["/parentId", format === "ics" ? "/title" : "/priority"]);
  });

  test("creates no project that only a subtask names", async () => {
    const parent = fileTask();
    const content = lines("id,title,project,parentId", `${parent.id},Move,Flat,`, `,Pack,House,${parent.id}`);
    expect(resultsOf(await importFile(ada, { format: "csv", content }))).toEqual(["created", "created"]);
    expect(await projectNames(ada)).toEqual(["Flat"]);
  });

  test("uses projectId for rows without a project", async () => {
    const { project } = await createProject(ada);
    const [first, second] = [fileTask(), fileTask({ projectId: null })];
    await importFile(ada, { ...jsonFile([first, second]), projectId: project.id });
    for (const { id } of [first, second]) expect(await read(id)).toMatchObject({ projectId: project.id });
  });

  test("returns 422 for the project of another account, and creates nothing", async () => {
    const { project } = await createProject(await signUp(stack));
    const row = fileTask();
    const response = await sendFile(ada, { ...jsonFile([row]), projectId: project.id });
    expect(response).toMatchObject({ status: 422, code: "invalid-reference" });
    expect(pointersOf(response)).toEqual(["/projectId"]);
    expect(await read(row.id)).toMatchObject({ code: "not-found" });
    expect(resultsOf(await importFile(ada, jsonFile([fileTask({ projectId: project.id })])))).toEqual([
      "/projectId",
    ]);
  });

  test("spells labels as in the account, or as in their first use", async () => {
    await createTask(ada, { labels: ["Garden"] });
    const [first, second] = [fileTask({ labels: ["HOME", "garden"] }), fileTask({ labels: ["home"] })];
    await importFile(ada, jsonFile([first, second]));
    expect([(await read(first.id)).labels, (await read(second.id)).labels]).toEqual([
      ["HOME", "Garden"],
      ["HOME"],
    ]);
  });
});
