import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createProject, projectNames } from "./new-project.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const read = (path: string, { client, token } = ada) => client.get(path, { token });
const patch = (path: string, body: object, headers: Record<string, string> = {}) =>
  ada.client.patch(path, body, { token: ada.token, headers });

describe("/api/projects", () => {
  test("creates each project as the last one, and lists them in order", async () => {
    const garden = await createProject(ada, "Garden");
    await createProject(ada, "House");
    const { archivedAt, version, name } = garden.project;
    expect({ archivedAt, version, name }).toEqual({ archivedAt: null, version: 1, name: "Garden" });
    expect((await read(garden.path)).json).toEqual(garden.project);
    expect(await projectNames(ada)).toEqual(["Garden", "House"]);
  });

  test("moves a project to another place", async () => {
    const [a, , c] = [
      await createProject(ada, "a"),
      await createProject(ada, "b"),
      await createProject(ada, "c"),
    ];
    const move = (path: string, body: object) => ada.client.post(`${path}/move`, body, { token: ada.token });
    const moved = await move(c.path, { before: a.id });
    expect(moved.json).toEqual({
      ...c.project,
      version: 2,
      position: moved.json.position,
      updatedAt: moved.json.updatedAt,
    });
    expect(await projectNames(ada)).toEqual(["c", "a", "b"]);
    expect((await move(c.path, { before: a.id })).json).toEqual(moved.json);
    await move(c.path, {});
    expect(await projectNames(ada)).toEqual(["a", "b", "c"]);
  });

  test("renames, archives and reopens a project", async () => {
    const { path } = await createProject(ada, "Garden");
    const archived = await patch(path, { name: "Old garden", archived: true });
    expect(archived.json).toMatchObject({ name: "Old garden", version: 2 });
    expect(archived.json.archivedAt).toBe(archived.json.updatedAt);
    expect((await patch(path, { archived: true })).json).toEqual(archived.json);
    expect(await projectNames(ada, "?archived=true")).toEqual(["Old garden"]);
    expect(await projectNames(ada, "?archived=false")).toEqual([]);
    expect((await patch(path, { archived: false })).json).toMatchObject({ archivedAt: null, version: 3 });
  });

  test("changes, moves and deletes only the version in If-Match", async () => {
    const { path, project } = await createProject(ada);
    await createProject(ada, "Last");
    const stale = { "if-match": '"7"' };
    const requests = [
      patch(path, { name: "Other" }, stale),
      ada.client.delete(path, { token: ada.token, headers: stale }),
      ada.client.post(`${path}/move`, {}, { token: ada.token, headers: stale }),
    ];
    for (const response of await Promise.all(requests)) {
      expect(response.code).toBe("precondition-failed");
      expect([response.json.current, response.json.changedFields]).toEqual([project, null]);
    }
    expect(await projectNames(ada)).toEqual([project.name, "Last"]);
    expect((await patch(path, { name: "Other" }, { "if-match": '"1"' })).status).toBe(200);
  });

  test("deletes a project, and succeeds again when it is repeated", async () => {
    const { path } = await createProject(ada);
    for (const attempt of [1, 2]) {
      expect((await ada.client.delete(path, { token: ada.token })).status, `attempt ${attempt}`).toBe(204);
    }
    expect((await read(path)).code).toBe("not-found");
    expect(await projectNames(ada)).toEqual([]);
  });
});
