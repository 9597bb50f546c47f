import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tasksPerPage } from "../../../lib/transfer/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { insertTasks } from "../quotas/insert-tasks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Tasks with descriptions of 16 KiB each: 32 MiB, more than the sockets in between can buffer. */
const manyTasks = 2_000;

/** Matches the statement that reads a page of tasks. */
const pageOfTasks = "as wanted\\(";
const pagesSent = async () =>
  (await stack.neon.stats(stack.databaseName)).recent.filter((texts) =>
    new RegExp(pageOfTasks).test(texts.join()),
  ).length;

/** Starts an export without reading its body. */
const open = ({ token }: TestUser, format: string) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(stack.origin);
    const path = `/api/tasks/export?format=${format}`;
    get({ hostname, port, path, headers: { authorization: `Bearer ${token}` } }, resolve).on("error", reject);
  });

/** Reads until the connection breaks off. */
async function readBroken(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  const reading = (async () => {
    for await (const chunk of response) chunks.push(chunk);
  })();
  await expect(reading).rejects.toThrow(/aborted/);
  return Buffer.concat(chunks).toString();
}

describe("GET /api/tasks/export", () => {
  // @proof task-export-breaks-off
  test.each([
    ["json", '"tasks":['],
    ["csv", "\ufeffid,title"],
    ["ics", "BEGIN:VCALENDAR"],
  ])("as %s sends the start of the file, and breaks off if a page fails", async (format, start) => {
    const ada = await seedUser(stack);
    await insertTasks(stack, ada.id, 1, "");
    await stack.neon.inject(stack.databaseName, { match: pageOfTasks, fault: { kind: "500" } });
    const response = await open(ada, format);
    expect(response.statusCode).toBe(200);
    expect(await readBroken(response)).toContain(start);
    await stack.neon.heal(stack.databaseName);
    await stack.waitForLog(({ msg, level }) => msg === "export broke off" && level === "error");
  });

  // @proof task-export-ends-with-its-session
  test("breaks off when the session ends during the download", async () => {
    const ada = await seedUser(stack);
    await insertTasks(stack, ada.id, manyTasks);
    const response = await open(ada, "json");
    await stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]);
    const text = await readBroken(response);
    expect(() => JSON.parse(text)).toThrow();
    await stack.waitForLog(({ msg, level }) => msg === "export broke off" && level === "info");
  });

  // @proof task-export-waits-for-its-reader
  test("queries no further page while the client does not read", async () => {
    const ada = await seedUser(stack);
    await insertTasks(stack, ada.id, manyTasks);
    await stack.neon.reset(stack.databaseName);
    const response = await open(ada, "csv");
    // On a busy machine, a page can take longer than one sample.
    const readings: number[] = [];
    while (readings.length < 4 || new Set(readings.slice(-4)).size > 1) {
      readings.push(await pagesSent());
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    const before = Number(readings.at(-1));
    expect(before).toBeLessThan((0.8 * manyTasks) / tasksPerPage);
    response.destroy();
    await stack.waitUntilIdle();
    expect(await pagesSent()).toBeLessThanOrEqual(before + 1);
  });
});
