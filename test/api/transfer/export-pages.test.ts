import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tasksPerPage } from "../../../lib/transfer/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { exportFile } from "./files.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const seedTasks = (count: number) =>
  stack.sql(
    `insert into tasks (id, user_id, title, status)
     select uuid_v7(now() + make_interval(secs => n * 0.001)), $1, 'Task ' || n, 'todo'
       from generate_series(1, $2::int) as n`,
    [ada.id, count],
  );
const titles = (count: number) => Array.from({ length: count }, (_, index) => `Task ${index + 1}`);
const titlesIn = (text: string) => JSON.parse(text).tasks.map(({ title }: { title: string }) => title);

/** Matches the statement that reads a page. */
const page = "with ordinality";
const pagesRead = async () =>
  (await stack.neon.stats(stack.databaseName)).recent.filter((texts) => texts.join().includes(page)).length;

/** Starts an export, and waits until its second page, whose query is slow, was requested. */
async function openWithSlowPage(format: string): Promise<IncomingMessage> {
  const fault = { kind: "slow" as const, ms: 2_000 };
  await stack.neon.reset(stack.databaseName);
  await stack.neon.inject(stack.databaseName, { match: page, skip: 1, times: 1, fault });
  const response = await open(format);
  await waitFor(async () => (await pagesRead()) === 2 || undefined);
  return response;
}

const open = (format: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(stack.origin);
    const headers = { authorization: `Bearer ${ada.token}` };
    get({ hostname, port, path: `/api/tasks/export?format=${format}`, headers }, resolve).on("error", reject);
  });

/** The text, and whether it is complete. */
async function readAll(response: IncomingMessage): Promise<{ text: string; isWhole: boolean }> {
  let text = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    return { text, isWhole: true };
  } catch {
    return { text, isWhole: false };
  }
}

const linesAbout = (response: IncomingMessage) =>
  stack
    .logs()
    .filter(
      ({ msg, request_id: id }) => msg === "export broke off" && id === response.headers["x-request-id"],
    );

describe("GET /api/tasks/export in pages", () => {
  test.each([
    [0, 0],
    [1, 1],
    [tasksPerPage, 1],
    [tasksPerPage + 1, 2],
    [2 * tasksPerPage + 50, 3],
  ])("reads %i tasks in %i pages, after one query for their order", async (count, pages) => {
    await seedTasks(count);
    await stack.neon.reset(stack.databaseName);
    expect(titlesIn(await exportFile(ada, "json"))).toEqual(titles(count));
    const { requests } = await stack.neon.stats(stack.databaseName);
    expect([await pagesRead(), requests]).toEqual([pages, pages + 1]);
  });

  test.each(["json", "csv", "ics"])(
    "omits from %s the tasks that are deleted before their page is read, even a whole page",
    async (format) => {
      await seedTasks(2 * tasksPerPage + 2);
      const response = await openWithSlowPage(format);
      await stack.sql(
        "delete from tasks where user_id = $1 and right(title, -5)::int between $2::int and $3::int",
        [ada.id, tasksPerPage + 1, 2 * tasksPerPage + 1],
      );
      const { text, isWhole } = await readAll(response);
      await stack.neon.heal(stack.databaseName);
      expect(isWhole).toBe(true);
      expect(text.match(/Task \d+/g)).toEqual([...titles(tasksPerPage), `Task ${2 * tasksPerPage + 2}`]);
      if (format === "json") expect(titlesIn(text)).toHaveLength(tasksPerPage + 1);
    },
  );

  test("contains a task exactly once that moves before its page is read", async () => {
    await seedTasks(tasksPerPage + 2);
    const response = await openWithSlowPage("json");
    const ids = await stack.sql("select id, title from tasks where user_id = $1", [ada.id]);
    const idOf = (number: number) => ids.find(({ title }) => title === `Task ${number}`)?.["id"];
    const before = { before: idOf(1) };
    const { client, token } = ada;
    const moved = await client.post(`/api/tasks/${idOf(tasksPerPage + 1)}/move`, before, { token });
    expect(moved.status).toBe(200);
    const { text } = await readAll(response);
    await stack.neon.heal(stack.databaseName);
    expect(titlesIn(text)).toEqual(titles(tasksPerPage + 2));
  });

  test.each(["json", "csv", "ics"])(
    "breaks off as %s when the session ends between pages, and logs one line",
    async (format) => {
      await seedTasks(2 * tasksPerPage);
      const response = await openWithSlowPage(format);
      await stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]);
      const { text, isWhole } = await readAll(response);
      await stack.neon.heal(stack.databaseName);
      expect(isWhole).toBe(false);
      expect(text).toContain("Task 1");
      expect(text).not.toContain(`Task ${tasksPerPage + 1}`);
      await stack.waitUntilIdle();
      expect(linesAbout(response)).toMatchObject([{ level: "info" }]);
    },
  );

  test("breaks off when the database fails between pages, and logs one line", async () => {
    await seedTasks(2 * tasksPerPage);
    await stack.neon.inject(stack.databaseName, { match: page, skip: 1, fault: { kind: "500" } });
    const response = await open("csv");
    const { text, isWhole } = await readAll(response);
    await stack.neon.heal(stack.databaseName);
    expect([response.statusCode, isWhole]).toEqual([200, false]);
    expect(text).toContain(`Task ${tasksPerPage}`);
    await stack.waitUntilIdle();
    expect(linesAbout(response)).toMatchObject([{ level: "error" }]);
  });

  test("returns an error instead of a file when the first query fails", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
    const { status, code, headers } = await ada.client.get("/api/tasks/export", { token: ada.token });
    await stack.neon.heal(stack.databaseName);
    expect([status, code]).toEqual([503, "database-unavailable"]);
    expect(headers.get("content-disposition")).toBeNull();
  });
});
