import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageBytes } from "../../../lib/pagination.js";
import { descriptionBytes, taskQuota } from "../../../lib/tasks/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";
import { insertTasks } from "./insert-tasks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Page = { ids: string[]; bytes: number };

/** Follows the cursor to the end. The budget is refilled on the way, as if the reader took longer. */
async function readAll({ client, token }: TestUser, query = ""): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor && `&cursor=${cursor}`;
    const { status, text, json } = await client.get(`/api/tasks?limit=200${query}${after}`, { token });
    if (status !== 200) throw new Error(text);
    pages.push({ ids: json.data.map(({ id }: { id: string }) => id), bytes: Buffer.byteLength(text) });
    cursor = json.nextCursor;
    await stack.sql("delete from throttle");
  }
  return pages;
}

/** One row may pass the limit, and the rest of the response needs some space. */
const largestRow = (json: number) => json + 2 * 1024;

describe("GET /api/tasks", () => {
  // @proof page-size-limited
  test("returns each of many large tasks once, in pages of limited size", async () => {
    const ada = await seedUser(stack);
    const ids = await insertTasks(stack, ada.id, 100);
    const pages = await readAll(ada);
    expect(pages.flatMap((page) => page.ids)).toEqual(ids);
    for (const { bytes } of pages)
      expect(bytes).toBeLessThanOrEqual(pageBytes + largestRow(descriptionBytes));
    for (const { bytes } of pages.slice(0, -1)) expect(bytes).toBeGreaterThan(pageBytes / 2);
  });

  test("returns each of as many tasks as one account may have once", async () => {
    const ada = await seedUser(stack);
    const ids = await insertTasks(stack, ada.id, taskQuota, "Short");
    const pages = await readAll(ada);
    expect(pages.flatMap((page) => page.ids)).toEqual(ids);
    for (const { bytes } of pages) expect(bytes).toBeLessThanOrEqual(pageBytes + largestRow(100));
  });

  test.each([
    ["control characters", "\u0001", 6],
    ["quotation marks", '"', 2],
    ["emoji", "😀", 1],
  ])("measures tasks with %s as JSON", async (_, character, factor) => {
    const ada = await seedUser(stack);
    const description = character.repeat(descriptionBytes / Buffer.byteLength(character));
    const ids = await insertTasks(stack, ada.id, 20, description);
    const pages = await readAll(ada);
    expect(pages.flatMap((page) => page.ids)).toEqual(ids);
    for (const { bytes } of pages) {
      expect(bytes).toBeLessThanOrEqual(pageBytes + largestRow(descriptionBytes * factor));
    }
  });

  test("continues a filtered list after a full page", async () => {
    const ada = await seedUser(stack);
    const ids = await insertTasks(stack, ada.id, 40);
    await createTask(ada, { status: "done" });
    const pages = await readAll(ada, "&status=todo");
    expect(pages.flatMap((page) => page.ids)).toEqual(ids);
    expect(pages.length).toBeGreaterThan(1);
  });
});
