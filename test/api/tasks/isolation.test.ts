import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../../stack/client.js";
import { type Person, signUp, signUpAdmin } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Created, createTask } from "./new-task.js";

let stack: Stack;
let ada: Person;
let strangers: Record<"another user" | "an admin", Person>;
let hers: Created;
beforeAll(async () => {
  stack = await startStack();
  const [owner, bob, admin] = await Promise.all([signUp(stack), signUp(stack), signUpAdmin(stack)]);
  ada = owner;
  strangers = { "another user": bob, "an admin": admin };
  hers = await createTask(ada, { description: "private" });
});
afterAll(() => stack.stop());

const nobodys = "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";

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

/** All that a caller sees, save for what names this one request. */
function seen(answer: Answer) {
  const { requestId: _, ...body } = answer.json ?? {};
  const headers = [...answer.headers].filter(
    ([name]) => !/^(x-request-id|x-vercel-id|date|server-timing)$/.test(name),
  );
  return { status: answer.status, body, headers, text: answer.text.length };
}

describe.each(["another user", "an admin"] as const)("to %s", (who) => {
  test.each(requests)(
    "%s /api/tasks/{id} %j %j answers as if the task did not exist, and leaves it",
    async (method, headers, json) => {
      const { client, token } = strangers[who];
      const send = (path: string) => client.send(method, path, { token, headers, json });
      const [theirs, none] = [await send(hers.path), await send(nobodys)];
      expect(theirs.status).toBe(404);
      expect(seen(theirs)).toEqual(seen(none));
      expect((await ada.client.get(hers.path, { token: ada.token })).json).toEqual(hers.task);
    },
  );

  test("GET /api/tasks shows nothing of others", async () => {
    const { client, token } = strangers[who];
    const own = await createTask(strangers[who]);
    const { data } = (await client.get("/api/tasks?limit=200", { token })).json;
    expect(data).toEqual([own.task]);
  });
});

describe("an id that is none", () => {
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
  ])("/api/tasks/%s is not found by any method", async (id) => {
    for (const [method, json] of [["GET"], ["PATCH", { title: "x" }], ["DELETE"]] as const) {
      const answer = await ada.client.send(method, `/api/tasks/${id}`, { token: ada.token, json });
      expect(answer.code, method).toBe("not-found");
    }
  });
});
