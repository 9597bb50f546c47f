import ICAL from "ical.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { feedLimits } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createLabel } from "../labels/new-label.js";
import { createTask } from "../tasks/new-task.js";
import { createFeed } from "./new-feed.js";

let stack: Stack;
let ada: TestUser;
let path: string;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
  ({ path } = await createFeed(ada));
});
afterAll(() => stack.stop());

const read = (headers: Record<string, string> = {}) => stack.client().get(path, { headers });
const todosIn = ({ text }: ApiResponse) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vtodo");
const titlesIn = (response: ApiResponse) =>
  todosIn(response).map((todo) => String(todo.getFirstPropertyValue("summary")));
const patch = (task: string, json: object) => ada.client.patch(task, json, { token: ada.token });

describe("GET /api/feed/{file}", () => {
  test("contains every published member of a task", async () => {
    const { task } = await createTask(ada, {
      title: "Buy soil, pots; seeds",
      description: "Balcony:\n- tomatoes 🍅",
      status: "in_progress",
      priority: 2,
      due: { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" },
      deadline: "2026-12-31",
      labels: ["Garden", "Home, sweet"],
      recurrence: { rule: "FREQ=DAILY", from: "due" },
    });
    const [todo] = todosIn(await read());
    const value = (name: string) => todo?.getFirstPropertyValue(name)?.toString();
    expect({
      uid: value("uid"),
      summary: value("summary"),
      description: value("description"),
      status: value("status"),
      priority: value("priority"),
      due: value("due"),
      labels: todo?.getFirstProperty("categories")?.getValues(),
      sequence: value("sequence"),
      rule: value("rrule"),
      created: value("created"),
      changed: value("last-modified"),
    }).toEqual({
      uid: `urn:uuid:${task.id}`,
      summary: "Buy soil, pots; seeds",
      description: "Balcony:\n- tomatoes 🍅",
      status: "IN-PROCESS",
      priority: "5",
      due: "2026-12-24T08:30:00Z",
      labels: ["Garden", "Home, sweet"],
      sequence: "0",
      rule: undefined,
      created: `${task.createdAt.slice(0, 19)}Z`,
      changed: `${task.updatedAt.slice(0, 19)}Z`,
    });
  });

  // @proof feed-shows-open-tasks-of-owner
  test("contains only the open tasks of its account", async () => {
    const grace = await seedUser(stack);
    await createTask(grace, { title: "Secret of Grace" });
    await createTask(ada, { title: "Open" });
    await createTask(ada, { title: "Done", status: "done" });
    const { path: trashed } = await createTask(ada, { title: "Trashed" });
    await ada.client.delete(trashed, { token: ada.token });
    expect(titlesIn(await read())).toEqual(["Open"]);
  });

  test("contains the follow-up of a recurring task once that is done", async () => {
    const recurrence = { rule: "FREQ=DAILY", from: "due" };
    const { path: first } = await createTask(ada, { due: { date: "2399-01-01" }, recurrence });
    await patch(first, { status: "done" });
    const dues = todosIn(await read()).map((todo) => todo.getFirstPropertyValue("due")?.toString());
    expect(dues).toEqual(["2399-01-02"]);
  });

  test("sorts tasks by due date and wall time, and those without a due date last", async () => {
    const zone = { timeZone: "Europe/Copenhagen" };
    await createTask(ada, { title: "no date" });
    await createTask(ada, { title: "on the 3rd", due: { date: "2026-12-03" } });
    await createTask(ada, {
      title: "at noon on the 3rd",
      due: { date: "2026-12-03", time: "12:00", ...zone },
    });
    await createTask(ada, { title: "on the 2nd", due: { date: "2026-12-02" } });
    await createTask(ada, { title: "deadline on the 1st", deadline: "2026-12-01" });
    expect(titlesIn(await read())).toEqual([
      "on the 2nd",
      "at noon on the 3rd",
      "on the 3rd",
      "no date",
      "deadline on the 1st",
    ]);
  });

  // @proof feed-is-bounded
  test(`contains at most ${feedLimits.tasks} tasks, those with the earliest due dates`, async () => {
    await stack.sql(
      `insert into tasks (id, user_id, title, status, due_date)
       select gen_random_uuid(), $1, 'Day ' || n, 'todo', date '2026-01-01' + n
         from generate_series(1, $2::int) as n`,
      [ada.id, feedLimits.tasks + 1],
    );
    const titles = titlesIn(await read());
    expect(titles).toEqual(Array.from({ length: feedLimits.tasks }, (_, i) => `Day ${i + 1}`));
  });

  test.each([
    ["🌱".repeat(feedLimits.descriptionCharacters), "🌱".repeat(feedLimits.descriptionCharacters)],
    [
      "🌱".repeat(feedLimits.descriptionCharacters + 1),
      `${"🌱".repeat(feedLimits.descriptionCharacters - 1)}…`,
    ],
  ])(`cuts off a description after ${feedLimits.descriptionCharacters} characters`, async (sent, shown) => {
    await createTask(ada, { description: sent });
    const [todo] = todosIn(await read());
    expect(todo?.getFirstPropertyValue("description")).toBe(shown);
  });

  test(`ends with the task that reaches ${feedLimits.bytes / 1024} KiB`, async () => {
    const description = "語".repeat(feedLimits.descriptionCharacters);
    await stack.sql(
      `insert into tasks (id, user_id, title, description, status)
       select gen_random_uuid(), $1, 'Task', $2, 'todo' from generate_series(1, $3::int)`,
      [ada.id, description, feedLimits.tasks],
    );
    const { text } = await read();
    const bytes = Buffer.byteLength(text.replaceAll("\r\n ", ""));
    expect(bytes).toBeGreaterThan(0.8 * feedLimits.bytes);
    expect(bytes).toBeLessThan(feedLimits.bytes + 2 * Buffer.byteLength(description));
  });
});

describe("GET /api/feed/{file} with If-None-Match", () => {
  test("returns 304 with Cache-Control while the tasks are unchanged, without reading them", async () => {
    await createTask(ada);
    const first = await read();
    const etag = String(first.headers.get("etag"));
    expect(etag).toMatch(/^"1-\d+"$/);
    await stack.waitUntilIdle();
    await stack.neon.reset(stack.databaseName);
    for (const sent of [etag, `W/${etag}`, `"0-0", ${etag}`, "*"]) {
      const { status, headers, text } = await read({ "if-none-match": sent });
      expect([status, text, headers.get("etag")], sent).toEqual([304, "", etag]);
      expect(headers.get("cache-control")).toBe(`private, max-age=${feedLimits.maxAgeSeconds}`);
    }
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(4);
    expect((await read()).text).toBe(first.text);
  });

  test.each(["not a tag", '"1-999"', '"2-1"', '""'])("returns the tasks for %s", async (tag) => {
    await createTask(ada);
    expect((await read({ "if-none-match": tag })).status).toBe(200);
  });

  // @proof feed-tag-sees-every-change
  test("returns the tasks after each kind of change", async () => {
    const label = await createLabel(ada, "First");
    const { path: task } = await createTask(ada, { labels: ["First"] });
    const changes: [string, () => Promise<unknown>][] = [
      ["a new task", () => createTask(ada)],
      ["a changed one", () => patch(task, { title: "Changed" })],
      ["a renamed label", () => patch(label.path, { name: "Second" })],
      ["a deleted task", () => ada.client.delete(task, { token: ada.token })],
      ["a restored one", () => ada.client.post(`${task}/restore`, undefined, { token: ada.token })],
      ["a deleted label", () => ada.client.delete(label.path, { token: ada.token })],
    ];
    for (const [name, change] of changes) {
      const before = await read();
      await change();
      const after = await read({ "if-none-match": String(before.headers.get("etag")) });
      expect(after.status, name).toBe(200);
      expect(after.text, name).not.toBe(before.text);
    }
  });

  test("returns 304 after a change of another account", async () => {
    const etag = String((await read()).headers.get("etag"));
    await createTask(await seedUser(stack));
    expect((await read({ "if-none-match": etag })).status).toBe(304);
  });

  test("returns 404 for a feed that was revoked", async () => {
    const etag = String((await read()).headers.get("etag"));
    await ada.client.delete("/api/feed", { token: ada.token });
    for (const tag of [etag, "*"]) expect((await read({ "if-none-match": tag })).code).toBe("not-found");
  });
});
