import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiResponse } from "../../stack/client.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, signUpAdmin, type TestUser } from "../../stack/users.js";
import { type CreatedTask, createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
let others: Record<"another user" | "an admin", TestUser>;
let adasTask: CreatedTask;
beforeAll(async () => {
  stack = await startStack();
  const [owner, bob, admin] = await Promise.all([signUp(stack), signUp(stack), signUpAdmin(stack)]);
  ada = owner;
  others = { "another user": bob, "an admin": admin };
  adasTask = await createTask(ada, { description: "private" });
});
afterAll(() => stack.stop());

const unknownPath = "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";

const requests = [
  ["GET", {}, undefined],
  ["HEAD", {}, undefined],
  ["GET", { "if-none-match": '"1"' }, undefined],
  ["PATCH", {}, { title: "Mine now" }],
  ["PATCH", {}, {}],
  ["PATCH", { "if-match": '"1"' }, { title: "Mine now" }],
  ["PATCH", { "if-match": '"9"' }, { title: "Mine now" }],
  ["DELETE", {}, undefined],
  ["DELETE", { "if-match": '"9"' }, undefined],
] as const;

/** The visible part of a response, without the parts that identify the request. */
function visiblePart(response: ApiResponse) {
  const { requestId: _, ...body } = response.json ?? {};
  const headers = [...response.headers].filter(
    ([name]) => !/^(x-request-id|x-vercel-id|date|server-timing)$/.test(name),
  );
  return { status: response.status, body, headers, text: response.text.length };
}

describe.each(["another user", "an admin"] as const)("for %s", (role) => {
  // @proof foreign-task-looks-missing
  test.each(requests)(
    "%s /api/tasks/{id} %j %j responds as if the task did not exist and leaves it unchanged",
    async (method, headers, json) => {
      const { client, token } = others[role];
      const send = (path: string) => client.send(method, path, { token, headers, json });
      const [foreign, missing] = [await send(adasTask.path), await send(unknownPath)];
      expect(foreign.status).toBe(404);
      expect(visiblePart(foreign)).toEqual(visiblePart(missing));
      expect((await ada.client.get(adasTask.path, { token: ada.token })).json).toEqual(adasTask.task);
    },
  );

  // @proof foreign-trash-looks-missing
  test("another user's task in the trash looks missing, and stays there", async () => {
    const { client, token } = others[role];
    const { path, task } = await createTask(ada);
    await ada.client.delete(path, { token: ada.token });
    for (const [method, suffix] of [
      ["DELETE", ""],
      ["POST", "/restore"],
      ["GET", "/history"],
    ] as const) {
      const send = (to: string) => client.send(method, `${to}${suffix}`, { token });
      const [foreign, missing] = [await send(path), await send(unknownPath)];
      expect(foreign.status).toBe(404);
      expect(visiblePart(foreign)).toEqual(visiblePart(missing));
    }
    expect((await client.get("/api/trash", { token })).json.data).toEqual([]);
    expect((await client.delete("/api/trash", { token })).status).toBe(204);
    const restored = await ada.client.post(`${path}/restore`, undefined, { token: ada.token });
    expect(restored.json).toMatchObject({ id: task.id, version: 3 });
  });

  test("GET /api/tasks returns only their own tasks", async () => {
    const { client, token } = others[role];
    const own = await createTask(others[role]);
    const { data } = (await client.get("/api/tasks?limit=200", { token })).json;
    expect(data).toEqual([own.task]);
  });
});

describe("with a malformed id", () => {
  test.each([
    "1",
    "null",
    "undefined",
    "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b2",
    "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21x",
    "019aaf3e7c5b7d7a9a530f6a1f6f3b21",
    "{019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21}",
    "%00",
    "%27%20or%20true",
    "..%2Ftasks",
    "__proto__",
    "constructor",
    "x".repeat(2000),
  ])("GET, PATCH and DELETE /api/tasks/%s return 404", async (id) => {
    for (const [method, json] of [["GET"], ["PATCH", { title: "x" }], ["DELETE"]] as const) {
      const response = await ada.client.send(method, `/api/tasks/${id}`, { token: ada.token, json });
      expect(response.code, method).toBe("not-found");
    }
  });
});
