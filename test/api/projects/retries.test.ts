import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectQuota } from "../../../lib/projects/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { comparablePart, isReplay } from "../tasks/idempotent-create.js";
import { bodiesOf, idsIn, outcomesOf, raceUntilAvailable } from "../tasks/races.js";
import { createProject, insertProjects, projectNames } from "./new-project.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const key = (value = "one") => ({ "idempotency-key": value });
const post = (name: string, headers = {}) =>
  ada.client.post("/api/projects", { name }, { token: ada.token, headers });
const patch = (path: string, json: object) => ada.client.patch(path, json, { token: ada.token });
const move = (path: string, json: object, headers = {}) =>
  ada.client.post(`${path}/move`, json, { token: ada.token, headers });
const loseNextResponse = () =>
  stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1, match: "" });

describe("POST /api/projects with an Idempotency-Key", () => {
  test("returns the first response again, even after the project was changed, moved and deleted", async () => {
    const first = await post("Garden", key());
    expect([first.status, isReplay(first)]).toEqual([201, false]);
    await post("House");
    const path = String(first.headers.get("location"));
    const expectReplay = async () => {
      const replay = await post("Garden", key());
      expect(comparablePart(replay)).toEqual(comparablePart(first));
      expect(isReplay(replay)).toBe(true);
    };
    await expectReplay();
    await patch(path, { name: "Yard", archived: true });
    await move(path, {});
    await expectReplay();
    await ada.client.delete(path, { token: ada.token });
    await expectReplay();
    expect(await projectNames(ada)).toEqual(["House"]);
  });

  test("refuses another body under the same key", async () => {
    await post("Garden", key());
    const refused = await post("House", key());
    expect([refused.status, refused.code]).toEqual([422, "idempotency-key-reused"]);
    expect(await projectNames(ada)).toEqual(["Garden"]);
  });

  test("creates one project when the database's response was lost", async () => {
    await loseNextResponse();
    expect((await post("Garden", key())).code).toBe("database-unavailable");
    const retry = await post("Garden", key());
    expect([retry.status, isReplay(retry)]).toEqual([201, true]);
    expect(await projectNames(ada)).toEqual(["Garden"]);
  });

  test.skipIf(!hasPostgres())("creates one project for 50 concurrent requests", async () => {
    await post("First");
    const responses = await raceUntilAvailable(() => post("Garden", key()));
    expect(outcomesOf(responses)).toEqual({ 201: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(responses.filter(isReplay).length).toBeGreaterThanOrEqual(49);
    expect(await projectNames(ada)).toEqual(["First", "Garden"]);
  });
});

describe("POST /api/projects/{id}/move with an Idempotency-Key", () => {
  test("does not repeat a move after another request has moved the project", async () => {
    const [a, b] = [await createProject(ada, "a"), await createProject(ada, "b")];
    const first = await move(a.path, {}, key());
    expect([first.status, isReplay(first)]).toEqual([200, false]);
    await move(a.path, { before: b.id });
    const replay = await move(a.path, {}, key());
    expect([replay.status, isReplay(replay), replay.json.version]).toEqual([200, true, 3]);
    expect(await projectNames(ada)).toEqual(["a", "b"]);
  });

  test("succeeds again after a neighbour was deleted, and refuses another body or project", async () => {
    const [a, b] = [await createProject(ada, "a"), await createProject(ada, "b")];
    await move(a.path, { after: b.id }, key());
    expect((await move(a.path, { before: b.id }, key())).code).toBe("idempotency-key-reused");
    expect((await move(b.path, { after: b.id }, key())).code).toBe("idempotency-key-reused");
    await ada.client.delete(b.path, { token: ada.token });
    expect((await move(a.path, { after: b.id }, key())).json).toMatchObject({ id: a.id, version: 2 });
  });

  test("moves once when the database's response was lost", async () => {
    const [a] = [await createProject(ada, "a"), await createProject(ada, "b")];
    await loseNextResponse();
    expect((await move(a.path, {}, key())).code).toBe("database-unavailable");
    expect((await move(a.path, {}, key())).json.version).toBe(2);
    expect(await projectNames(ada)).toEqual(["b", "a"]);
  });

  test("does not use up the key of a refused move", async () => {
    const [a, b] = [await createProject(ada, "a"), await createProject(ada, "b")];
    const stale = { ...key(), "if-match": '"7"' };
    expect((await move(a.path, { after: b.id }, stale)).code).toBe("precondition-failed");
    expect((await move(a.path, { after: a.id }, key())).status).toBe(422);
    expect(isReplay(await move(a.path, { after: b.id }, key()))).toBe(false);
    expect(await projectNames(ada)).toEqual(["b", "a"]);
  });
});

describe("the quota of projects", () => {
  // @proof project-quota-exact
  test.skipIf(!hasPostgres())("admits one of 50 concurrent requests for the last place", async () => {
    await post("First");
    await insertProjects(stack, ada, projectQuota - 2);
    const responses = await raceUntilAvailable((i) => post(`Project ${i}`, i % 2 ? key(`${i}`) : {}));
    expect(outcomesOf(responses)).toEqual({ 201: 1, "quota-exceeded": 49 });
    expect(await idsIn(stack, "projects", ada)).toHaveLength(projectQuota);
  });

  test("counts archived projects, states the limit, and does not use up the key of a refused request", async () => {
    await insertProjects(stack, ada, projectQuota - 1);
    const { path } = await createProject(ada);
    await patch(path, { archived: true });
    const refused = await post("One more", key());
    expect([refused.status, refused.code]).toEqual([422, "quota-exceeded"]);
    expect(refused.json.detail).toContain(String(projectQuota));
    const { json } = await ada.client.get("/api/auth/limits", { token: ada.token });
    expect(json.quotas).toContainEqual(
      expect.objectContaining({ name: "projects", used: projectQuota, limit: projectQuota }),
    );
    await ada.client.delete(path, { token: ada.token });
    expect(isReplay(await post("One more", key()))).toBe(false);
    expect((await post("Too many")).code).toBe("quota-exceeded");
    expect((await post("One more", key())).status).toBe(201);
  });
});
