import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, signUpAdmin, type TestUser } from "../../stack/users.js";
import { createTask } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
/** A cursor of the unfiltered list. */
let cursor: string;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
  await createTask(ada, { title: "Old" });
  await createTask(ada, { title: "New" });
  cursor = await cursorOf(ada, "/api/tasks?limit=1");
});
afterAll(() => stack.stop());

const get = (person: TestUser, path: string) => person.client.get(path, { token: person.token });

async function cursorOf(person: TestUser, path: string): Promise<string> {
  const { nextCursor } = (await get(person, path)).json;
  expect(nextCursor).toEqual(expect.any(String));
  return nextCursor;
}

describe("GET /api/tasks?cursor=", () => {
  test("continues after the previous page, at any page size", async () => {
    for (const limit of ["", "&limit=1", "&limit=200"]) {
      const { data } = (await get(ada, `/api/tasks?cursor=${cursor}${limit}`)).json;
      expect(data.map(({ title }: { title: string }) => title)).toEqual(["Old"]);
    }
  });

  test("uses an opaque cursor of fewer than 80 URL-safe characters", async () => {
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursor.length).toBeLessThan(80);
  });

  test("rejects a cursor with one character changed, removed or added", async () => {
    const changed = [...cursor].map((character, i) => {
      const other = character === "A" ? "B" : "A";
      return cursor.slice(0, i) + other + cursor.slice(i + 1);
    });
    const altered = [
      ...changed,
      cursor.slice(1),
      cursor.slice(0, -1),
      `A${cursor}`,
      `${cursor}A`,
      `${cursor}==`,
    ];
    for (const wrong of new Set(altered)) {
      expect((await get(ada, `/api/tasks?cursor=${wrong}`)).code, wrong).toBe("invalid-cursor");
    }
  });

  test.each(["x", "0", "null", "%00", "%F0%9F%AA%B4", "..", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21", "AAAA"])(
    "rejects the cursor %s",
    async (garbage) => {
      expect((await get(ada, `/api/tasks?cursor=${garbage}`)).code).toBe("invalid-cursor");
    },
  );

  test("rejects a cursor of another filter", async () => {
    await createTask(ada, { status: "done" });
    await createTask(ada, { status: "done" });
    const ofDone = await cursorOf(ada, "/api/tasks?status=done&limit=1");
    expect((await get(ada, `/api/tasks?status=done&cursor=${ofDone}`)).status).toBe(200);
    for (const wrong of [
      `cursor=${ofDone}`,
      `status=todo&cursor=${ofDone}`,
      `status=done&cursor=${cursor}`,
    ]) {
      expect((await get(ada, `/api/tasks?${wrong}`)).code, wrong).toBe("invalid-cursor");
    }
  });

  test("rejects the cursor of another user", async () => {
    const bob = await signUp(stack);
    await createTask(bob);
    expect((await get(bob, `/api/tasks?cursor=${cursor}`)).code).toBe("invalid-cursor");
  });

  test("rejects a cursor of GET /api/admin/users, and the reverse", async () => {
    const admin = await signUpAdmin(stack);
    await createTask(admin);
    await createTask(admin);
    const [ofTasks, ofUsers] = [
      await cursorOf(admin, "/api/tasks?limit=1"),
      await cursorOf(admin, "/api/admin/users?limit=1"),
    ];
    expect((await get(admin, `/api/tasks?cursor=${ofUsers}`)).code).toBe("invalid-cursor");
    expect((await get(admin, `/api/admin/users?cursor=${ofTasks}`)).code).toBe("invalid-cursor");
  });

  test("rejects a malformed cursor without a database round trip", async () => {
    const response = await get(ada, "/api/tasks?cursor=AAAA");
    const line = await stack.waitForLog((entry) => entry.request_id === response.headers.get("x-request-id"));
    expect(line["db_calls"]).toBe(0);
  });
});
