import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { createTask, pointersOf } from "./new-task.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const post = (body: object) =>
  ada.client.post("/api/tasks", { title: "Call mum", ...body }, { token: ada.token });
const patch = (path: string, body: object) => ada.client.patch(path, body, { token: ada.token });
const timeZone = "Europe/Copenhagen";

describe("due of POST /api/tasks", () => {
  test("is null by default, like the deadline, and the priority is 0", async () => {
    expect((await post({})).json).toMatchObject({ due: null, dueAt: null, deadline: null, priority: 0 });
  });

  test("keeps a day as it is, without an instant", async () => {
    for (const date of ["1900-01-01", "2024-02-29", "2026-03-29", "2399-12-31"]) {
      const { status, json } = await post({ due: { date }, deadline: date });
      expect([status, json.due, json.dueAt, json.deadline]).toEqual([201, { date }, null, date]);
    }
  });

  test.each([
    ["in winter", "2026-12-24", "09:30", timeZone, "2026-12-24T08:30:00.000Z"],
    ["in summer", "2026-07-01", "09:30", timeZone, "2026-07-01T07:30:00.000Z"],
    ["on another day in UTC", "2026-12-24", "23:30", "America/New_York", "2026-12-25T04:30:00.000Z"],
    [
      "that a clock change skips: it moves forward",
      "2026-03-29",
      "02:30",
      timeZone,
      "2026-03-29T01:30:00.000Z",
    ],
    ["that occurs twice: the first", "2026-10-25", "02:30", timeZone, "2026-10-25T00:30:00.000Z"],
    [
      "with a half-hour clock change",
      "2026-04-05",
      "01:45",
      "Australia/Lord_Howe",
      "2026-04-04T14:45:00.000Z",
    ],
  ])("computes the instant of a time %s", async (_, date, time, zone, dueAt) => {
    const due = { date, time, timeZone: zone };
    const { headers, json } = await post({ due });
    expect(json).toMatchObject({ due, dueAt });
    const read = await ada.client.get(String(headers.get("location")), { token: ada.token });
    expect(read.json).toEqual(json);
  });

  test("accepts a time zone in any case and returns its usual spelling", async () => {
    const { json } = await post({
      due: { date: "2026-12-24", time: "09:30", timeZone: "europe/COPENHAGEN" },
    });
    expect(json.due.timeZone).toBe(timeZone);
  });

  test.each([
    ["a date that does not exist", { date: "2026-02-29" }, "/due/date"],
    ["a date before 1900", { date: "1899-12-31" }, "/due/date"],
    ["a date in the year 0", { date: "0000-01-01" }, "/due/date"],
    ["a date after 2399", { date: "2400-01-01" }, "/due/date"],
    ["a timestamp as a date", { date: "2026-12-24T00:00:00Z" }, "/due/date"],
    ["a text", "2026-12-24", "/due"],
    ["a time without a time zone", { date: "2026-12-24", time: "09:30" }, "/due/timeZone"],
    ["a time zone without a time", { date: "2026-12-24", timeZone }, "/due/timeZone"],
    ["a time without a date", { time: "09:30", timeZone }, "/due/date"],
    ["a time of 24 hours", { date: "2026-12-24", time: "24:00", timeZone }, "/due/time"],
    ["a time with seconds", { date: "2026-12-24", time: "09:30:00", timeZone }, "/due/time"],
    [
      "an unknown time zone",
      { date: "2026-12-24", time: "09:30", timeZone: "Mars/Olympus" },
      "/due/timeZone",
    ],
    ["an offset", { date: "2026-12-24", time: "09:30", timeZone: "+01:00" }, "/due/timeZone"],
    ["an unknown member", { date: "2026-12-24", at: "09:30" }, "/due/at"],
  ])("rejects %s", async (_, due, pointer) => {
    const response = await post({ due });
    expect(response.code).toBe("invalid-request");
    expect(pointersOf(response)).toContain(pointer);
  });

  test.each([-1, 4, 1.5, "1", null])("rejects the priority %j", async (priority) => {
    const response = await post({ priority });
    expect(pointersOf(response)).toEqual(["/priority"]);
  });

  test.each(["2026-13-01", "", { date: "2026-12-24" }, 20261224])(
    "rejects the deadline %j",
    async (deadline) => {
      expect(pointersOf(await post({ deadline }))).toEqual(["/deadline"]);
    },
  );
});

describe("due of PATCH /api/tasks/{id}", () => {
  const due = { date: "2026-12-24", time: "09:30", timeZone };

  test("is replaced as a whole", async () => {
    const { path } = await createTask(ada, { due });
    const moved = await patch(path, { due: { date: "2026-12-25" } });
    expect(moved.json).toMatchObject({ due: { date: "2026-12-25" }, dueAt: null, version: 2 });
    expect((await patch(path, { due })).json).toMatchObject({
      due,
      dueAt: "2026-12-24T08:30:00.000Z",
      version: 3,
    });
    expect((await patch(path, { due: null })).json).toMatchObject({ due: null, dueAt: null, version: 4 });
  });

  test("stays when the body does not mention it", async () => {
    const { path } = await createTask(ada, { due, deadline: "2026-12-31", priority: 2 });
    const { json } = await patch(path, { title: "Call dad" });
    expect(json).toMatchObject({ due, deadline: "2026-12-31", priority: 2, title: "Call dad" });
  });

  test("keeps the version if it is the same, also after the rules of time zones were updated", async () => {
    const { path, task } = await createTask(ada, { due, deadline: "2026-12-31", priority: 2 });
    await stack.sql("update tasks set due_rules = '1999a' where id = $1", [task.id]);
    expect((await patch(path, { due, deadline: "2026-12-31", priority: 2 })).json).toEqual(task);
  });
});
