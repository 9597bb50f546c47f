import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask, parametersOf, pointersOf } from "../tasks/new-task.js";
import { createProject, projectNames } from "./new-project.js";

const unknownId = "019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c";

let stack: Stack;
let ada: TestUser;
let bob: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  [ada, bob] = [await seedUser(stack), await seedUser(stack)];
});
afterAll(() => stack.stop());

const get = (path: string, { client, token } = ada, headers = {}) => client.get(path, { token, headers });
const patch = (path: string, json: object, { client, token } = ada) => client.patch(path, json, { token });
const remove = (path: string, { client, token } = ada) => client.delete(path, { token });
const move = (path: string, json: object, { client, token } = ada) =>
  client.post(`${path}/move`, json, { token });

async function createProjects(...names: string[]) {
  const created = [];
  for (const name of names) created.push(await createProject(ada, name));
  return created;
}

describe("GET /api/projects", () => {
  test("lists all projects in order over pages, even when one moves between two pages", async () => {
    const [first, , last] = await createProjects("a", "b", "c", "d");
    const seen: string[] = [];
    let next = "/api/projects?limit=1";
    while (next) {
      const { json } = await get(next);
      seen.push(...json.data.map(({ name }: { name: string }) => name));
      if (seen.length === 2) await move(String(first?.path), { after: last?.id });
      next = json.nextCursor && `/api/projects?limit=1&cursor=${json.nextCursor}`;
    }
    expect(seen).toEqual(["a", "b", "c", "a", "d"]);
  });

  test("accepts a cursor only from its user and for the same value of archived", async () => {
    await createProjects("a", "b");
    for (const [made, used] of [
      ["", "&archived=false"],
      ["&archived=false", "&archived=true"],
      ["&archived=false", ""],
    ]) {
      const { nextCursor } = (await get(`/api/projects?limit=1${made}`)).json;
      expect(nextCursor).toEqual(expect.any(String));
      expect((await get(`/api/projects?limit=1${used}&cursor=${nextCursor}`)).code).toBe("invalid-cursor");
      expect((await get(`/api/projects?limit=1${made}&cursor=${nextCursor}`, bob)).code).toBe(
        "invalid-cursor",
      );
      expect((await get(`/api/tasks?limit=1&cursor=${nextCursor}`)).code).toBe("invalid-cursor");
      expect((await get(`/api/projects?limit=1${made}&cursor=${nextCursor}`)).status).toBe(200);
    }
  });

  test("filters archived projects on every page", async () => {
    const [, b, , d] = await createProjects("a", "b", "c", "d");
    for (const project of [b, d]) await patch(String(project?.path), { archived: true });
    expect(await projectNames(ada)).toEqual(["a", "b", "c", "d"]);
    const names: string[] = [];
    let next = "/api/projects?archived=true&limit=1";
    while (next) {
      const { json } = await get(next);
      names.push(...json.data.map(({ name }: { name: string }) => name));
      next = json.nextCursor && `/api/projects?archived=true&limit=1&cursor=${json.nextCursor}`;
    }
    expect(names).toEqual(["b", "d"]);
    expect(parametersOf(await get("/api/projects?archived=1"))).toEqual(["archived"]);
  });
});

describe("/api/projects/{id}", () => {
  test("returns 304 for the current ETag, and 200 after a change", async () => {
    const { path, etag } = await createProject(ada);
    const unchanged = await get(path, ada, { "if-none-match": etag });
    expect([unchanged.status, unchanged.text, unchanged.headers.get("etag")]).toEqual([304, "", etag]);
    await patch(path, { name: "Changed" });
    expect((await get(path, ada, { "if-none-match": etag })).status).toBe(200);
  });

  // @proof foreign-project-looks-missing
  test("returns 404 for another user's project, whether it exists, has tasks, or was deleted", async () => {
    const { path, id, project } = await createProject(ada);
    await createTask(ada, { projectId: id });
    // An account has a counter of changes, which a deletion locks, only once it has written.
    await createProject(bob);
    const attempts = () => [
      get(path, bob),
      patch(path, { name: "Bob's" }, bob),
      remove(path, bob),
      remove(`${path}?tasks=delete`, bob),
      move(path, {}, bob),
    ];
    for (const { code } of await Promise.all(attempts())) expect(code).toBe("not-found");
    expect((await get(path)).json).toEqual(project);
    expect((await get(`/api/tasks?project=${id}`, bob)).json.data).toEqual([]);
    expect((await get(`/api/tasks?project=${id}`)).json.data).toHaveLength(1);
    await remove(`${path}?tasks=inbox`);
    for (const { code } of await Promise.all(attempts())) expect(code).toBe("not-found");
  });

  test("keeps the lists and orders of two users apart", async () => {
    await createProjects("a", "b");
    const other = await createProject(bob, "Bob's");
    expect(await projectNames(ada)).toEqual(["a", "b"]);
    expect(await projectNames(bob)).toEqual(["Bob's"]);
    await move(other.path, {}, bob);
    expect((await get(other.path, bob)).json).toEqual(other.project);
  });
});

describe("POST /api/projects/{id}/move", () => {
  test("refuses neighbours other than the user's other projects, and changes nothing", async () => {
    const [a, b, c] = await createProjects("a", "b", "c");
    const path = String(a?.path);
    const other = await createProject(bob);
    const { task } = await createTask(ada);
    for (const id of [a?.id, other.id, task.id, unknownId]) {
      for (const [body, pointer] of [
        [{ after: id }, "/after"],
        [{ before: id }, "/before"],
        [{ after: id, before: b?.id }, "/after"],
        [{ after: b?.id, before: id }, "/before"],
      ] as const) {
        const refused = await move(path, body);
        expect([refused.status, ...pointersOf(refused)]).toEqual([422, pointer]);
      }
    }
    expect(pointersOf(await move(path, { after: c?.id, before: b?.id }))).toEqual(["/before"]);
    expect(pointersOf(await move(path, { after: b?.id, before: b?.id }))).toEqual(["/before"]);
    expect((await get(path)).json).toEqual(a?.project);
    expect((await move(path, { after: b?.id, before: c?.id })).json).toMatchObject({ version: 2 });
    expect(await projectNames(ada)).toEqual(["b", "a", "c"]);
  });
});
