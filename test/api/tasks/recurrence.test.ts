import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { taskQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { loggedTrips } from "../structure/logged-trips.js";
import { rowsOf, setPosition, tightPosition } from "./moves.js";
import { createTask } from "./new-task.js";
import { complete, completeAll, createRecurring, nextOf, timeZone } from "./recurring.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const weekly = "FREQ=WEEKLY";
const monday = { date: "2030-03-25", time: "09:00", timeZone };
const patch = (path: string, body: object) => ada.client.patch(path, body, { token: ada.token });
const read = async (path: string) => (await ada.client.get(path, { token: ada.token })).json;
const tasksOf = async (person: TestUser) =>
  (await person.client.get("/api/tasks", { token: person.token })).json.data;

describe("status: done of PATCH /api/tasks/{id} on a recurring task", () => {
  test("completes the task, and creates the next one directly after it with the same content", async () => {
    const content = { title: "Water", description: "All of them", priority: 2, deadline: "2030-03-27" };
    const recurrence = { rule: weekly, from: "due" };
    const { path, task } = await createTask(ada, { due: monday, recurrence, ...content });
    const { task: last } = await createTask(ada);
    const { status, json } = await complete(ada, path);
    expect(status).toBe(200);
    const { nextTaskId, completedAt, updatedAt } = json;
    expect(json).toEqual({ ...task, status: "done", version: 2, nextTaskId, completedAt, updatedAt });
    const next = await nextOf(ada, json);
    expect(task.position < next.position && next.position < last.position).toBe(true);
    expect(next).toEqual({
      ...task,
      id: nextTaskId,
      position: next.position,
      due: { ...monday, date: "2030-04-01" },
      // 09:00 in summer time; the deadline keeps its distance from the due date.
      dueAt: "2030-04-01T07:00:00.000Z",
      deadline: "2030-04-03",
      createdAt: updatedAt,
      updatedAt,
    });
  });

  test("gives the next one the same position if there is no room after it", async () => {
    const ben = await seedUser(stack);
    const recurring = await createTask(ben, { due: monday, recurrence: { rule: weekly, from: "due" } });
    const last = await createTask(ben);
    await setPosition(stack, recurring, tightPosition(1));
    await setPosition(stack, last, tightPosition(2));
    const second = await nextOf(ben, (await complete(ben, recurring.path)).json);
    const third = await nextOf(ben, (await complete(ben, `/api/tasks/${second.id}`)).json);
    expect([second.position, third.position]).toEqual([tightPosition(1), tightPosition(1)]);
    const ids = (await rowsOf(stack, ben)).map(({ id }) => id);
    expect(ids).toEqual([recurring.task.id, second.id, third.id, last.task.id]);
  });

  test("creates one task, however often it is repeated", async () => {
    const ben = await signUp(stack);
    const path = await createRecurring(ben, monday, weekly);
    const first = await complete(ben, path);
    for (const members of [{}, {}, { title: "Done" }]) {
      expect((await complete(ben, path, members)).json.nextTaskId).toBe(first.json.nextTaskId);
    }
    expect(await tasksOf(ben)).toHaveLength(2);
  });

  test.skipIf(!hasPostgres())("creates one task for 50 concurrent requests", async () => {
    const ben = await signUp(stack);
    const path = await createRecurring(ben, monday, weekly);
    const responses = await Promise.all(Array.from({ length: 50 }, () => complete(ben, path)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(responses.map(({ json }) => json.nextTaskId)).size).toBe(1);
    expect(await tasksOf(ben)).toHaveLength(2);
  });

  test("creates one task if the response of either round trip is lost and the request is repeated", async () => {
    for (const lost of [1, 2]) {
      const ben = await signUp(stack);
      const path = await createRecurring(ben, monday, weekly);
      const match = lost === 1 ? "current_row[\\s\\S]*(?<!next_id as[\\s\\S]*)$" : "next_id as";
      await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, match });
      expect((await complete(ben, path)).code).toBe("database-unavailable");
      await stack.neon.heal(stack.databaseName);
      const { json } = await complete(ben, path);
      expect(await nextOf(ben, json)).toMatchObject({ due: { date: "2030-04-01" } });
      expect(await tasksOf(ben)).toHaveLength(2);
    }
  });

  test("makes two round trips, or one if no task follows", async () => {
    const recurring = await complete(ada, await createRecurring(ada, monday, weekly));
    const plain = await complete(ada, (await createTask(ada, { due: monday })).path);
    expect([await loggedTrips(recurring, stack), await loggedTrips(plain, stack)]).toEqual([2, 1]);
  });

  test("keeps the time of day when clocks change, and returns to it after a gap", async () => {
    const path = await createRecurring(ada, { date: "2030-03-29", time: "02:30", timeZone }, "FREQ=DAILY");
    expect(await completeAll(ada, path, "dueAt", 3)).toEqual([
      "2030-03-30T01:30:00.000Z",
      // 02:30 does not exist on this day: 03:30 in summer time.
      "2030-03-31T01:30:00.000Z",
      "2030-04-01T00:30:00.000Z",
    ]);
  });

  test.each([
    ["skips short months", "2030-01-31", "FREQ=MONTHLY", ["2030-03-31", "2030-05-31", "2030-07-31"]],
    ["finds the last day", "2030-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1", ["2030-02-28", "2030-03-31"]],
    ["finds 29 February", "2028-02-29", "FREQ=YEARLY", ["2032-02-29", "2036-02-29"]],
    ["ends after COUNT tasks", "2030-01-01", "FREQ=DAILY;COUNT=3", ["2030-01-02", "2030-01-03"]],
    ["ends with UNTIL", "2030-01-01", "FREQ=DAILY;UNTIL=20300102", ["2030-01-02"]],
  ])("%s", async (_, date, rule, dates) => {
    const wanted = /COUNT|UNTIL/.test(rule) ? dates.length + 1 : dates.length;
    expect(await completeAll(ada, await createRecurring(ada, { date }, rule), "due", wanted)).toEqual(dates);
  });

  test("continues after today if the task is overdue, in the time zone of the task", async () => {
    const zones = ["Pacific/Kiritimati", "Pacific/Niue"];
    for (const zone of zones) {
      const dateIn = (ms: number) => new Date(ms).toLocaleDateString("sv-SE", { timeZone: zone });
      const path = await createRecurring(
        ada,
        { date: "2020-01-01", time: "12:00", timeZone: zone },
        "FREQ=DAILY",
      );
      const before = Date.now();
      const next = await nextOf(ada, (await complete(ada, path)).json);
      const dayMs = 24 * 3600 * 1000;
      expect([dateIn(before + dayMs), dateIn(Date.now() + dayMs)]).toContain(next?.due.date);
    }
  });

  test("counts from the day of completion in the time zone of the account", async () => {
    const ben = await signUp(stack);
    const zone = "Pacific/Kiritimati";
    await ben.client.patch("/api/auth/me", { timeZone: zone }, { token: ben.token });
    const recurrence = { rule: "FREQ=DAILY;INTERVAL=3", from: "completion" };
    const { path } = await createTask(ben, { due: { date: "2030-01-01" }, recurrence });
    const dateAfter = (ms: number) =>
      new Date(ms + 3 * 24 * 3600 * 1000).toLocaleDateString("sv-SE", { timeZone: zone });
    const before = Date.now();
    const next = await nextOf(ben, (await complete(ben, path)).json);
    expect([dateAfter(before), dateAfter(Date.now())]).toContain(next?.due.date);
  });

  test("uses the due date and the recurrence of the same request", async () => {
    const path = await createRecurring(ada, monday, weekly);
    const changes = { due: { date: "2030-05-06" }, recurrence: { rule: "FREQ=MONTHLY", from: "due" } };
    const next = await nextOf(ada, (await complete(ada, path, changes)).json);
    expect(next).toMatchObject({ due: { date: "2030-06-06" }, recurrence: changes.recurrence });
    const ended = await complete(ada, await createRecurring(ada, monday, weekly), { recurrence: null });
    expect([ended.json.nextTaskId, ended.json.recurrence]).toEqual([null, null]);
  });

  test("returns 422 and completes nothing if the account has no room for the next task", async () => {
    const ben = await signUp(stack);
    const path = await createRecurring(ben, monday, weekly);
    await stack.sql(
      `insert into tasks (id, user_id, title, status)
       select gen_random_uuid(), $1, 'Task', 'todo' from generate_series(2, $2::int)`,
      [ben.id, taskQuota],
    );
    expect((await complete(ben, path)).code).toBe("quota-exceeded");
    const { json } = await ben.client.get(path, { token: ben.token });
    expect([json.status, json.version]).toEqual(["todo", 1]);
  });

  test("with an outdated If-Match, returns 412 and completes nothing", async () => {
    const path = await createRecurring(ada, monday, weekly);
    await patch(path, { title: "Second" });
    const options = { token: ada.token, headers: { "if-match": '"1"' } };
    const response = await ada.client.patch(path, { status: "done" }, options);
    expect([response.code, response.json.changedFields]).toEqual(["precondition-failed", ["title"]]);
    expect(await read(path)).toMatchObject({ status: "todo", nextTaskId: null });
  });

  test("appears in the history and in GET /api/sync, with the next task", async () => {
    const ben = await signUp(stack);
    const path = await createRecurring(ben, monday, weekly);
    const { json } = await complete(ben, path);
    const history = (await ben.client.get(`${path}/history`, { token: ben.token })).json.data;
    expect(history[0].changes.nextTaskId).toEqual({ before: null, after: json.nextTaskId });
    const { changes } = (await ben.client.get("/api/sync", { token: ben.token })).json;
    expect(changes.map(({ task }: { task: { id: string } }) => task.id).sort()).toEqual(
      [json.id, json.nextTaskId].sort(),
    );
  });
});

describe("a recurring task that is reopened", () => {
  test("removes the next one, and creates another when it is completed again", async () => {
    const ben = await signUp(stack);
    const path = await createRecurring(ben, monday, weekly);
    const first = (await complete(ben, path)).json;
    const reopened = (await ben.client.patch(path, { status: "todo" }, { token: ben.token })).json;
    expect([reopened.nextTaskId, reopened.completedAt]).toEqual([null, null]);
    expect(await tasksOf(ben)).toEqual([reopened]);
    const again = (await complete(ben, path)).json;
    expect(again.nextTaskId).not.toBe(first.nextTaskId);
    expect(await tasksOf(ben)).toHaveLength(2);
  });

  test.each([
    ["that has changed", (id: string) => patch(`/api/tasks/${id}`, { title: "Mine" })],
    [
      "that is older than an hour",
      (id: string) =>
        stack.sql("update tasks set created_at = now() - interval '61 minutes' where id = $1", [id]),
    ],
  ])("keeps a next one %s, and creates no other", async (_, touch) => {
    const path = await createRecurring(ada, monday, weekly);
    const { nextTaskId } = (await complete(ada, path)).json;
    await touch(nextTaskId);
    expect((await patch(path, { status: "in_progress" })).json.nextTaskId).toBe(nextTaskId);
    expect(await nextOf(ada, { nextTaskId })).toBeDefined();
    expect((await complete(ada, path)).json.nextTaskId).toBe(nextTaskId);
  });

  test("creates another next one if the first was deleted", async () => {
    const path = await createRecurring(ada, monday, weekly);
    const { nextTaskId } = (await complete(ada, path)).json;
    await ada.client.delete(`/api/tasks/${nextTaskId}`, { token: ada.token });
    expect((await patch(path, { status: "todo" })).json.nextTaskId).toBeNull();
    expect(await nextOf(ada, (await complete(ada, path)).json)).toMatchObject({
      due: { date: "2030-04-01" },
    });
  });
});

test("PUT /api/tasks/{id} with status: done creates the next task, once", async () => {
  const ben = await signUp(stack);
  const path = await createRecurring(ben, monday, weekly);
  const body = { title: "Put", status: "done", due: monday, recurrence: { rule: weekly, from: "due" } };
  const put = () => ben.client.send("PUT", path, { token: ben.token, json: body });
  const { json } = await put();
  expect(await nextOf(ben, json)).toMatchObject({ title: "Put", due: { date: "2030-04-01" } });
  expect((await put()).json).toEqual(json);
  expect(await tasksOf(ben)).toHaveLength(2);
});
