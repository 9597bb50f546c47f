import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createChangedTask, createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const sendConditional = (
  method: string,
  path: string,
  header: string,
  value: string | string[],
  json?: unknown,
) => ada.client.send(method, path, { token: ada.token, headers: { [header]: value }, json });

describe.each(["GET", "HEAD"])("%s /api/tasks/{id} with If-None-Match", (method) => {
  test.each([
    ["the ETag", '"2"'],
    ["the weak ETag", 'W/"2"'],
    ["a list that contains it", '"1", "2"'],
    ["a list without spaces that contains it as a weak ETag", '"1",W/"2"'],
    ["a list with empty elements", ', "1", , "2",'],
    ["a list with a tag that contains a comma", '"a,b", "2"'],
    ["*", "*"],
    ["* in spaces", " * "],
  ])("returns 304 and the ETag for %s", async (_, tags) => {
    const { path } = await createChangedTask(ada);
    const response = await sendConditional(method, path, "If-None-Match", tags);
    expect(response.status).toBe(304);
    expect(response.text).toBe("");
    expect(response.headers.get("etag")).toBe('"2"');
    expect(response.headers.get("content-type")).toBeNull();
  });

  test.each([
    ["an older version", '"1"'],
    ["a future version", '"3"'],
    ["a list without it", '"1", "3"'],
    ["a number without quotes", "2"],
    ["a leading zero", '"02"'],
    ["text before the tag", 'x"2"'],
    ["text after the tag", '"a"2"'],
    ["a lower-case weak prefix", 'w/"2"'],
    ["garbage", '"2'],
    ["an empty value", ""],
  ])("returns the task for %s", async (_, tags) => {
    const { path, task } = await createChangedTask(ada);
    const response = await sendConditional(method, path, "If-None-Match", tags);
    expect(response.status).toBe(200);
    expect(response.headers.get("etag")).toBe('"2"');
    if (method === "GET") expect(response.json).toEqual(task);
  });
});

const writes = [
  ["PATCH", { title: "Third" }, 200],
  ["PUT", { title: "Third" }, 200],
  ["DELETE", undefined, 200],
] as const;

describe.each(writes)("%s /api/tasks/{id} with If-Match", (method, body, success) => {
  test.each([
    ["the ETag", '"2"'],
    ["a list that contains it", '"7", W/"1", "2"'],
    ["*", "*"],
    ["* after a tab", "\t*"],
  ])("succeeds for %s", async (_, tags) => {
    const { path } = await createChangedTask(ada);
    const response = await sendConditional(method, path, "If-Match", tags, body);
    expect(response.status).toBe(success);
  });

  test.each([
    ["an older version", '"1"'],
    ["a future version", '"3"'],
    ["a list without it", '"1", "3"'],
    ["the weak ETag, which never matches", 'W/"2"'],
    ["a lower-case weak prefix", 'w/"2"'],
    ["a number without quotes", "2"],
    ["a leading zero", '"02"'],
    ["a number beyond the integer range", '"99999999999999999999"'],
    ["text before the tag", 'x"2"'],
    ["text after the tag", '"a"2"'],
    ["two tags without a comma", '"1" "2"'],
    ["* in a list", '*, "2"'],
    ["SQL", '"2 or true"'],
    ["an empty value", ""],
  ])("returns 412 with the current task and its ETag for %s", async (_, tags) => {
    const { path, task } = await createChangedTask(ada);
    const response = await sendConditional(method, path, "If-Match", tags, body);
    expect(response.code).toBe("precondition-failed");
    expect(response.json.current).toEqual(task);
    expect(response.headers.get("etag")).toBe('"2"');
    expect((await ada.client.get(path, { token: ada.token })).json).toEqual(task);
  });

  test("combines several header lines into one list", async () => {
    const { path } = await createChangedTask(ada);
    const response = await sendConditional(method, path, "If-Match", ['"7"', '"2"'], body);
    expect(response.status).toBe(success);
  });
});

test.each(["PATCH", "PUT"])(
  "%s /api/tasks/{id} returns 404 instead of 412 for a deleted task",
  async (method) => {
    const { path } = await createChangedTask(ada);
    await ada.client.delete(path, { token: ada.token });
    for (const tags of ['"2"', "*"]) {
      const response = await sendConditional(method, path, "If-Match", tags, { title: "Third" });
      expect(response.code).toBe("not-found");
    }
  },
);

describe("the changedFields of a 412", () => {
  const conflict = async (path: string, tags: string) =>
    (await sendConditional("PATCH", path, "If-Match", tags, { title: "Mine" })).json.changedFields;
  const patch = (path: string, json: unknown) => ada.client.patch(path, json, { token: ada.token });

  test("compare with the newest version in If-Match that the task has had", async () => {
    const { path } = await createTask(ada);
    await patch(path, { title: "Second", priority: 2 });
    await patch(path, { description: "Third" });
    expect(await conflict(path, '"1"')).toEqual(["description", "priority", "title"]);
    expect(await conflict(path, '"1", "2"')).toEqual(["description"]);
    expect(await conflict(path, '"1", "9"')).toEqual(["description", "priority", "title"]);
  });

  test("omit a member that has its old value again", async () => {
    const { path, task } = await createTask(ada);
    await patch(path, { title: "Second", status: "done" });
    await patch(path, { title: task.title });
    expect(await conflict(path, '"1"')).toEqual(["completedAt", "status"]);
  });

  test("include members that a change sets indirectly", async () => {
    const { path } = await createTask(ada);
    await patch(path, { due: { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" } });
    expect(await conflict(path, '"1"')).toEqual(["due", "dueAt"]);
  });

  test("are null for a version that the task has not had, and for a gap in the history", async () => {
    const { path, task } = await createTask(ada);
    await patch(path, { title: "Second" });
    await patch(path, { title: "Third" });
    expect(await conflict(path, '"9"')).toBeNull();
    expect(await conflict(path, "garbage")).toBeNull();
    await stack.sql("delete from task_changes where task_id = $1 and version = 2", [task.id]);
    expect(await conflict(path, '"1"')).toBeNull();
    expect(await conflict(path, '"2"')).toEqual(["title"]);
  });
});

test("PATCH /api/tasks/{id} returns 412 for an outdated If-Match, even when it would change nothing", async () => {
  const { path, task } = await createChangedTask(ada);
  const response = await sendConditional("PATCH", path, "If-Match", '"1"', { title: task.title });
  expect(response.code).toBe("precondition-failed");
});
