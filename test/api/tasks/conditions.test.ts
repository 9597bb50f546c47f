import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../../stack/client.js";
import { type Person, signUp } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce } from "../auth/contention.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: Person;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const sendIf = (method: string, path: string, header: string, value: string | string[], json?: unknown) =>
  ada.client.send(method, path, { token: ada.token, headers: { [header]: value }, json });

/** A task of version 2, so that an older version is one that existed. */
async function changedTask() {
  const { path, task } = await createTask(ada);
  const changed = await ada.client.patch(path, { title: "Second" }, { token: ada.token });
  expect(changed.headers.get("etag")).toBe('"2"');
  return { path, id: String(task.id), task: changed.json };
}

describe.each(["GET", "HEAD"])("%s /api/tasks/{id} with If-None-Match", (method) => {
  test.each([
    ["the validator", '"2"'],
    ["the validator, weak", 'W/"2"'],
    ["a list that holds it", '"1", "2"'],
    ["a list without spaces, with a weak one", '"1",W/"2"'],
    ["a list with empty elements", ', "1", , "2",'],
    ["a list with a tag that holds a comma", '"a,b", "2"'],
    ["*", "*"],
    ["* and space", " * "],
  ])("answers 304 and the validator to %s", async (_, tags) => {
    const { path } = await changedTask();
    const answer = await sendIf(method, path, "If-None-Match", tags);
    expect(answer.status).toBe(304);
    expect(answer.text).toBe("");
    expect(answer.headers.get("etag")).toBe('"2"');
    expect(answer.headers.get("content-type")).toBeNull();
  });

  test.each([
    ["an older version", '"1"'],
    ["a version to come", '"3"'],
    ["a list without it", '"1", "3"'],
    ["a number without quotes", "2"],
    ["another spelling of the number", '"02"'],
    ["text that only contains it", 'x"2"'],
    ["a tag that only contains it", '"a"2"'],
    ["a lower-case weak mark, which is none", 'w/"2"'],
    ["garbage", '"2'],
    ["nothing", ""],
  ])("answers the task to %s", async (_, tags) => {
    const { path, task } = await changedTask();
    const answer = await sendIf(method, path, "If-None-Match", tags);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("etag")).toBe('"2"');
    if (method === "GET") expect(answer.json).toEqual(task);
  });
});

const writes = [
  ["PATCH", { title: "Third" }, 200],
  ["DELETE", undefined, 204],
] as const;

describe.each(writes)("%s /api/tasks/{id} with If-Match", (method, body, success) => {
  test.each([
    ["the validator", '"2"'],
    ["a list that holds it", '"7", W/"1", "2"'],
    ["*", "*"],
    ["* and space", "\t*"],
  ])("does it when it is %s", async (_, tags) => {
    const { path } = await changedTask();
    const answer = await sendIf(method, path, "If-Match", tags, body);
    expect(answer.status).toBe(success);
  });

  test.each([
    ["an older version", '"1"'],
    ["a version to come", '"3"'],
    ["a list without it", '"1", "3"'],
    ["the validator, weak: a weak tag matches nothing", 'W/"2"'],
    ["a lower-case weak mark", 'w/"2"'],
    ["a number without quotes", "2"],
    ["another spelling of the number", '"02"'],
    ["a number beyond every version", '"99999999999999999999"'],
    ["text that only contains it", 'x"2"'],
    ["a tag that only contains it", '"a"2"'],
    ["two tags that no comma parts", '"1" "2"'],
    ["* among tags, where it means nothing", '*, "2"'],
    ["SQL", '"2 or true"'],
    ["nothing", ""],
  ])("answers 412 with the current task and its validator when it is %s", async (_, tags) => {
    const { path, task } = await changedTask();
    const answer = await sendIf(method, path, "If-Match", tags, body);
    expect(answer.code).toBe("precondition-failed");
    expect(answer.json.current).toEqual(task);
    expect(answer.headers.get("etag")).toBe('"2"');
    expect((await ada.client.get(path, { token: ada.token })).json).toEqual(task);
  });

  test("reads several header lines as one list", async () => {
    const { path } = await changedTask();
    const answer = await sendIf(method, path, "If-Match", ['"7"', '"2"'], body);
    expect(answer.status).toBe(success);
  });

  test("answers 404, not 412, when there is no such task", async () => {
    const { path } = await changedTask();
    await ada.client.delete(path, { token: ada.token });
    expect((await sendIf(method, path, "If-Match", '"2"', body)).code).toBe("not-found");
    expect((await sendIf(method, path, "If-Match", "*", body)).code).toBe("not-found");
  });
});

test("PATCH /api/tasks/{id} that would change nothing answers 412 to an outdated If-Match all the same", async () => {
  const { path, task } = await changedTask();
  const answer = await sendIf("PATCH", path, "If-Match", '"1"', { title: task.title });
  expect(answer.code).toBe("precondition-failed");
});

const statuses = (answers: Answer[]) =>
  Object.fromEntries(
    [...new Set(answers.map(({ status }) => status))].map((status) => [
      status,
      answers.filter((answer) => answer.status === status).length,
    ]),
  );

describe.skipIf(!hasPostgres())("at once, on a real Postgres", () => {
  const racers = Array.from({ length: 50 }, (_, i) => i);
  /** Lets go when all, or as many as the endpoint has connections for, wait for the task. */
  const race = (id: string, calls: (() => Promise<Answer>)[]) =>
    atOnce(
      stack,
      { select: "select from tasks where id = $1", params: [id], racers: Math.min(calls.length, 12) },
      () => Promise.all(calls.map((call) => call())),
    );

  test("of 50 × PATCH with one If-Match one wins, and 49 get 412 with what it wrote", async () => {
    const { path, id } = await changedTask();
    const answers = await race(
      id,
      racers.map((i) => () => sendIf("PATCH", path, "If-Match", '"2"', { title: `Racer ${i}` })),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 412: 49 });
    const winner = answers.find(({ status }) => status === 200);
    for (const loser of answers.filter(({ status }) => status === 412)) {
      expect(loser.json.current).toEqual(winner?.json);
    }
  });

  test("of 50 × DELETE with one If-Match one wins, and the others find nothing", async () => {
    const { path, id } = await changedTask();
    const answers = await race(
      id,
      racers.map(() => () => sendIf("DELETE", path, "If-Match", '"2"')),
    );
    expect(statuses(answers)).toEqual({ 204: 1, 404: 49 });
  });

  test("50 × PATCH without a condition all count: no version is given twice", async () => {
    const { path, id } = await changedTask();
    const answers = await race(
      id,
      racers.map((i) => () => ada.client.patch(path, { title: `Racer ${i}` }, { token: ada.token })),
    );
    expect(statuses(answers)).toEqual({ 200: 50 });
    const versions = answers.map(({ json }) => Number(json.version)).sort((a, b) => a - b);
    expect(versions).toEqual(racers.map((i) => i + 3));
  });

  test("PATCH and DELETE with one If-Match at once: the task is changed or gone, never half", async () => {
    const { path, id } = await changedTask();
    const [changed, removed] = await race(id, [
      () => sendIf("PATCH", path, "If-Match", '"2"', { title: "Changed" }),
      () => sendIf("DELETE", path, "If-Match", '"2"'),
    ]);
    const rows = await stack.sql("select title, version from tasks where id = $1", [id]);
    if (removed?.status === 204) {
      expect(changed?.status).toBe(404);
      expect(rows).toEqual([]);
    } else {
      expect([changed?.status, removed?.status]).toEqual([200, 412]);
      expect(rows).toEqual([{ title: "Changed", version: 3 }]);
    }
  });
});
