import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastDate } from "../../../lib/time/date-range.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, pointersOf } from "./new-task.js";
import { complete, completeAll, createRecurring, nextOf } from "./recurring.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const due = { date: "2030-01-31" };
const weekly = { rule: "FREQ=WEEKLY", from: "due" };
const post = (body: object) =>
  ada.client.post("/api/tasks", { title: "Task", ...body }, { token: ada.token });
const put = (path: string, body: object) =>
  ada.client.send("PUT", path, { token: ada.token, json: { title: "Task", ...body } });
const patch = (path: string, body: object) => ada.client.patch(path, body, { token: ada.token });

describe("recurrence in a request", () => {
  test.each([
    ["that is not a rule", "every Monday"],
    ["without a frequency", "INTERVAL=2"],
    ["by the hour", "FREQ=HOURLY"],
    ["with an interval of 0", "FREQ=DAILY;INTERVAL=0"],
    ["with COUNT and UNTIL", "FREQ=DAILY;COUNT=2;UNTIL=20301231"],
    ["that never matches", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"],
    ["that ends before the due date", "FREQ=DAILY;UNTIL=20300130"],
  ])("is refused with a pointer for a rule %s", async (_, rule) => {
    const recurrence = { rule, from: "due" };
    const { path } = await createTask(ada, { due });
    for (const response of [
      await post({ due, recurrence }),
      await put(path, { due, recurrence }),
      await patch(path, { due, recurrence }),
      await patch(path, { recurrence }),
    ]) {
      expect([response.code, pointersOf(response)]).toEqual(["invalid-request", ["/recurrence/rule"]]);
    }
    expect((await ada.client.get(path, { token: ada.token })).json.version).toBe(1);
  });

  test("needs a due date", async () => {
    const { path } = await createTask(ada);
    const recurring = await createRecurring(ada, due, weekly.rule);
    for (const response of [
      await post({ recurrence: weekly }),
      await put(path, { recurrence: weekly }),
      await patch(path, { recurrence: weekly }),
      await patch(path, { due: null, recurrence: weekly }),
      await patch(recurring, { due: null }),
    ]) {
      expect(response.code).toBe("due-date-required");
    }
    expect((await patch(recurring, { due: null, recurrence: null })).status).toBe(200);
  });

  test("stays when a PATCH omits it, and continues its series", async () => {
    const path = await createRecurring(ada, due, "FREQ=MONTHLY");
    const moved = (await patch(path, { due: { date: "2030-02-03" } })).json;
    expect(moved.recurrence).toEqual({ rule: "FREQ=MONTHLY", from: "due" });
    expect(await completeAll(ada, path, "due", 1)).toEqual(["2030-03-31"]);
  });

  test("stays as it is when a PATCH repeats it, and starts again when the rule changes", async () => {
    const repeated = await createRecurring(ada, due, "FREQ=MONTHLY");
    await patch(repeated, { due: { date: "2030-02-03" } });
    const again = await patch(repeated, { recurrence: { rule: "FREQ=MONTHLY", from: "due" } });
    expect([again.status, again.json.version]).toEqual([200, 2]);
    expect(await completeAll(ada, repeated, "due", 1)).toEqual(["2030-03-31"]);

    const changed = await createRecurring(ada, due, "FREQ=MONTHLY");
    await patch(changed, {
      due: { date: "2030-02-03" },
      recurrence: { rule: "FREQ=MONTHLY;COUNT=9", from: "due" },
    });
    expect(await completeAll(ada, changed, "due", 1)).toEqual(["2030-03-03"]);
  });

  test("survives the trash", async () => {
    const path = await createRecurring(ada, due, "FREQ=MONTHLY");
    await ada.client.delete(path, { token: ada.token });
    await ada.client.post(`${path}/restore`, undefined, { token: ada.token });
    expect(await completeAll(ada, path, "due", 1)).toEqual(["2030-03-31"]);
  });

  test("keeps the deadline of a next task within the valid dates", async () => {
    const { path } = await createTask(ada, {
      due: { date: "2398-06-01" },
      deadline: lastDate,
      recurrence: { rule: "FREQ=YEARLY", from: "due" },
    });
    const next = await nextOf(ada, (await complete(ada, path)).json);
    expect(next).toMatchObject({ due: { date: "2399-06-01" }, deadline: lastDate });
    expect((await complete(ada, `/api/tasks/${next?.id}`)).json.nextTaskId).toBeNull();
  });

  test("creates no next task when a task is created as done", async () => {
    const created = await post({ status: "done", due, recurrence: weekly });
    expect([created.status, created.json.nextTaskId]).toEqual([201, null]);
    const { headers } = created;
    const again = (await complete(ada, String(headers.get("location")))).json;
    expect(await nextOf(ada, again)).toBeUndefined();
  });

  test("responds 201 or 422 to arbitrary rules", async () => {
    const part = fc.oneof(fc.string({ unit: "binary", maxLength: 500 }), fc.string({ maxLength: 20 }));
    const parts = fc.constantFrom(
      "FREQ",
      "INTERVAL",
      "BYDAY",
      "BYMONTHDAY",
      "BYSETPOS",
      "COUNT",
      "UNTIL",
      "",
    );
    const rules = fc.oneof(
      part,
      fc
        .array(fc.tuple(parts, part), { maxLength: 6 })
        .map((all) => all.map((pair) => pair.join("=")).join(";")),
    );
    await fc.assert(
      fc.asyncProperty(rules, async (rule) => {
        const { status } = await post({ due, recurrence: { rule, from: "due" } });
        expect([201, 422]).toContain(status);
      }),
      { numRuns: 60 },
    );
  });
});
