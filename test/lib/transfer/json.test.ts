import { uuidv7 } from "uuidv7";
import { expect, test } from "vitest";
import { prepare, rowsOf } from "./read.js";

const file = (members: object) => JSON.stringify({ tasks: [], ...members });
const projects = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: uuidv7(), name: `Project ${index}` }));

test.each([
  ["nothing", "", "must be JSON"],
  ["a truncated file", file({}).slice(0, -1), "must be JSON"],
  ["a list", "[]", "must be an object with `tasks`"],
  ["null", "null", "must be an object with `tasks`"],
  ["a text", '"tasks"', "must be an object with `tasks`"],
  ["tasks of another type", '{"tasks":{}}', "must be an object with `tasks`"],
  ["projects of another type", file({ projects: {} }), "must have a list of `projects`, if any"],
  [
    "an invalid project",
    file({ projects: [{ id: uuidv7() }] }),
    "must have valid projects with different ids; see /projects/0/name",
  ],
  [
    "1,001 projects",
    file({ projects: projects(1_001) }),
    "must have at most 1,000 projects; import it in parts",
  ],
  ["1,001 tasks", file({ tasks: projects(1_001) }), "must have at most 1,000 rows; import it in parts"],
])("JSON of %s is refused", async (_, content, message) => {
  await expect(prepare("json", content)).rejects.toMatchObject({
    code: "invalid-request",
    options: { errors: [{ pointer: "/content", message }] },
  });
});

test("1,000 tasks and 1,000 projects are read", async () => {
  const tasks = Array.from({ length: 1_000 }, () => ({ title: "Water" }));
  const read = await prepare("json", file({ tasks, projects: projects(1_000) }));
  expect([read.tasks.length, read.projects.length]).toEqual([1_000, 1_000]);
});

test("a byte order mark and unknown members are ignored", async () => {
  const content = `\ufeff${file({ version: 2, tasks: [{ title: "Water", version: 7, color: "red" }] })}`;
  expect(await rowsOf("json", content)).toMatchObject([{ task: { title: "Water" } }]);
});

test("tasks that are not objects are refused, each in its row", async () => {
  const tasks = [null, 1, "Water", [], { title: "Water" }];
  const refused = { errors: [{ pointer: "/title" }] };
  expect(await rowsOf("json", file({ tasks }))).toMatchObject([
    ...Array(4).fill(refused),
    { task: { title: "Water" } },
  ]);
});

test("ids are the same in upper and lower case", async () => {
  const id = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
  const tasks = [
    { id: id.toUpperCase(), title: "a" },
    { title: "c", parentId: id, projectId: id.toUpperCase() },
  ];
  const read = await prepare("json", file({ tasks, projects: [{ id, name: "x" }] }));
  expect(read.tasks).toMatchObject([
    { id, title: "a" },
    { title: "c", parentPlace: 0, projectPlace: 0 },
  ]);
});
