import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject, projectNames } from "../projects/new-project.js";
import { titlesOf } from "../tasks/pages.js";
import { type File, importFile, lines, outcomesOf, sendFile } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const csv = (...rows: string[]): File => ({ format: "csv", content: lines("title,project,labels", ...rows) });
const calendar = (...properties: string[]) => [
  "BEGIN:VCALENDAR",
  "BEGIN:VTODO",
  ...properties,
  "END:VTODO",
  "END:VCALENDAR",
];
const json = (...tasks: object[]): File => ({ format: "json", content: JSON.stringify({ tasks }) });

const isCreated = ["created", "created", "created"];
const exists = ["exists", "exists", "exists"];

/** Rows of the account. */
const rowsOf = async ({ id }: TestUser) =>
  (
    await stack.sql(
      `select (select count(*)::int from tasks where user_id = $1) as tasks,
              (select count(*)::int from projects where user_id = $1) as projects,
              (select count(*)::int from labels where user_id = $1) as labels,
              (select count(*)::int from idempotency_keys where user_id = $1) as keys`,
      [id],
    )
  )[0];

describe("POST /api/tasks/import again", () => {
  test("creates nothing the second time, and treats equal rows as separate tasks", async () => {
    const file = csv("Water,Flat,Garden", "Water,Flat,Garden", "Mow,,");
    const first = await importFile(ada, file);
    const second = await importFile(ada, file);
    expect([outcomesOf(first), outcomesOf(second)]).toEqual([isCreated, exists]);
    const idsOf = (report: { rows: { id: string }[] }) => report.rows.map(({ id }) => id);
    expect(idsOf(second)).toEqual(idsOf(first));
    expect(await rowsOf(ada)).toMatchObject({ tasks: 3, projects: 1, labels: 1 });
  });

  test("creates only the new rows of a longer file, after all tasks", async () => {
    await importFile(ada, csv("Water,,", "Mow,,"));
    const report = await importFile(ada, csv("Water,,", "Sow,,", "Mow,,"));
    expect(outcomesOf(report)).toEqual(["exists", "created", "exists"]);
    expect(await titlesOf(ada, { sort: "position" })).toEqual(["Water", "Mow", "Sow"]);
  });

  // @proof import-changes-no-task
  test("does not change a task that was changed since", async () => {
    const { rows } = await importFile(ada, csv("Water,,"));
    const { client, token } = ada;
    await client.patch(`/api/tasks/${rows[0].id}`, { title: "Changed" }, { token });
    expect(outcomesOf(await importFile(ada, csv("Water,,")))).toEqual(["exists"]);
    expect(await titlesOf(ada, {})).toEqual(["Changed"]);
  });

  test.each(["in the trash", "gone for good"])("keeps a deleted task %s", async (place) => {
    const { client, token } = ada;
    const { rows } = await importFile(ada, csv("Water,,"));
    await client.delete(`/api/tasks/${rows[0].id}`, { token });
    if (place === "gone for good") await client.delete("/api/trash", { token });
    const report = await importFile(ada, csv("Water,,"));
    expect(report.rows).toEqual([{ row: 1, id: rows[0].id, outcome: "deleted" }]);
    expect(await titlesOf(ada, {})).toEqual([]);
  });

  test("creates the same row once in each project that the files name", async () => {
    for (const outcome of ["created", "exists"])
      for (const project of ["Flat", "House", ""])
        expect(outcomesOf(await importFile(ada, csv(`Review,${project},`)))).toEqual([outcome]);
    expect(await rowsOf(ada)).toMatchObject({ tasks: 3, projects: 2 });
  });

  test("creates the same row in each project of a request, but a row with a UID only once", async () => {
    const { id: projectId } = (await createProject(ada)).project;
    const files: [File, string][] = [
      [{ format: "todoist", content: lines("TYPE,CONTENT", "task,Review") }, "created"],
      [{ format: "ics", content: lines(...calendar("UID:1", "SUMMARY:Review")) }, "exists"],
    ];
    for (const [file, outcome] of files) {
      expect(outcomesOf(await importFile(ada, file))).toEqual(["created"]);
      expect(outcomesOf(await importFile(ada, { ...file, projectId }))).toEqual([outcome]);
      expect(outcomesOf(await importFile(ada, { ...file, projectId }))).toEqual(["exists"]);
    }
  });

  test("creates the project of a new row if that of an earlier import was renamed", async () => {
    await importFile(ada, csv("Water,Flat,"));
    const { client, token } = ada;
    const { json: list } = await client.get("/api/projects", { token });
    await client.patch(`/api/projects/${list.data[0].id}`, { name: "House" }, { token });
    expect(outcomesOf(await importFile(ada, csv("Water,Flat,")))).toEqual(["exists"]);
    expect(await projectNames(ada)).toEqual(["House"]);
    expect(outcomesOf(await importFile(ada, csv("Sow,Flat,")))).toEqual(["created"]);
    expect(await projectNames(ada)).toEqual(["House", "Flat"]);
  });
});

describe("POST /api/tasks/import with an Idempotency-Key", () => {
  const withKey = (key = uuidv7()) => ({ headers: { "idempotency-key": key } });

  test("returns the first report again, whatever happened to the tasks", async () => {
    const file = json({ title: "Water" }, { title: "" }, { title: "Mow" });
    const options = withKey();
    const first = await sendFile(ada, file, options);
    expect(outcomesOf(first.json)).toEqual(["created", "refused", "created"]);
    const { client, token } = ada;
    await client.delete(`/api/tasks/${first.json.rows[0].id}`, { token });
    const again = await sendFile(ada, file, options);
    expect(again.json).toEqual(first.json);
    expect([first, again].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
    expect(await titlesOf(ada, {})).toEqual(["Mow"]);
  });

  test("returns the first report again after its project was deleted", async () => {
    const { path, project } = await createProject(ada);
    const file = { ...json({ title: "Water" }), projectId: project.id };
    const options = withKey();
    const first = await sendFile(ada, file, options);
    await ada.client.delete(`${path}?tasks=inbox`, { token: ada.token });
    const again = await sendFile(ada, file, options);
    expect([again.status, again.json]).toEqual([200, first.json]);
  });

  test("returns 422 for another file with the same key, and creates nothing", async () => {
    const options = withKey();
    await sendFile(ada, json({ title: "Water" }), options);
    const response = await sendFile(ada, json({ title: "Mow" }), options);
    expect(response).toMatchObject({ status: 422, code: "idempotency-key-reused" });
    expect(await titlesOf(ada, {})).toEqual(["Water"]);
  });

  test("does not use up the key in a dry run", async () => {
    const options = withKey();
    await sendFile(ada, { ...json({ title: "Water" }), dryRun: true }, options);
    expect(await rowsOf(ada)).toMatchObject({ tasks: 0, keys: 0 });
    const { json: report, headers } = await sendFile(ada, json({ title: "Water" }), options);
    expect([outcomesOf(report), headers.get("idempotent-replayed")]).toEqual([["created"], null]);
  });
});

describe("POST /api/tasks/import as a dry run", () => {
  // @proof dry-run-writes-nothing
  test("returns the same report as the import, and writes nothing", async () => {
    const file = csv("Water,Flat,Garden", ",,", "Mow,House,");
    const before = await rowsOf(ada);
    const dry = await importFile(ada, { ...file, dryRun: true });
    expect(await rowsOf(ada)).toEqual(before);
    const real = await importFile(ada, file);
    expect(dry).toEqual({ ...real, dryRun: true });
    expect(real).toMatchObject({ dryRun: false, created: 2 });
  });
});
