import { parse } from "csv-parse/sync";
import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnNames } from "../../../lib/transfer/formats/task-columns.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { createTask, parametersOf } from "../tasks/new-task.js";
import { exportFile } from "./files.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const path = "/api/tasks/export";
const download = ({ client, token }: TestUser, query = "") => client.get(path + query, { token });

const formats = ["json", "csv", "ics"] as const;

/** The titles in a file, in order. */
const titlesIn: Record<(typeof formats)[number], (text: string) => unknown[]> = {
  json: (text) => JSON.parse(text).tasks.map(({ title }: { title: string }) => title),
  csv: (text) =>
    parse(text)
      .map((cells) => cells[columnNames.indexOf("title")])
      .slice(1),
  ics: (text) =>
    new ICAL.Component(ICAL.parse(text))
      .getAllSubcomponents("vtodo")
      .map((todo) => todo.getFirstPropertyValue("summary")),
};

describe("GET /api/tasks/export", () => {
  test.each([
    ["json", "application/json"],
    ["csv", "text/csv; charset=utf-8"],
    ["ics", "text/calendar; charset=utf-8"],
  ])("returns %s with the media type %s", async (format, mediaType) => {
    const { status, headers } = await download(await seedUser(stack), `?format=${format}`);
    expect([status, headers.get("content-type")]).toEqual([200, mediaType]);
    const date = new Date().toISOString().slice(0, 10);
    const name = `latchkey-tasks-${date}.${format}`;
    expect(headers.get("content-disposition")).toBe(`attachment; filename="${name}"`);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("returns JSON by default", async () => {
    const ada = await seedUser(stack);
    const { headers, json } = await download(ada);
    expect(headers.get("content-type")).toBe("application/json");
    expect(json).toEqual({ exportedAt: expect.any(String), projects: [], tasks: [] });
    expect(Math.abs(Date.parse(json.exportedAt) - Date.now())).toBeLessThan(60_000);
  });

  test.each(["?format=xml", "?format=", "?format=JSON", "?format=json&format=csv"])(
    "returns 422 for %s",
    async (query) => {
      const response = await download(await seedUser(stack), query);
      expect([response.status, response.code]).toEqual([422, "invalid-request"]);
      expect(parametersOf(response)).toEqual(["format"]);
    },
  );

  test("returns 401 without a token", async () => {
    const { status, code, headers } = await stack.client().get(path);
    expect([status, code]).toEqual([401, "unauthenticated"]);
    expect(headers.get("content-disposition")).toBeNull();
  });

  test.each(formats)("returns valid %s for an empty account", async (format) => {
    expect(titlesIn[format](await exportFile(await seedUser(stack), format))).toEqual([]);
  });

  test("contains each member of a task, and the projects", async () => {
    const ada = await seedUser(stack);
    const { project } = await createProject(ada);
    const members = {
      title: "Water",
      description: "Line 1\nLine 2",
      status: "in_progress",
      priority: 2,
      due: { date: "2026-12-24", time: "09:30", timeZone: "Europe/Copenhagen" },
      deadline: "2026-12-31",
      labels: ["Garden"],
      projectId: project.id,
      recurrence: { rule: "FREQ=WEEKLY", from: "due" },
    };
    const { task } = await createTask(ada, members);
    const { json } = await download(ada);
    const { id, name, archivedAt, createdAt } = project;
    expect(json.projects).toEqual([{ id, name, archivedAt, createdAt }]);
    expect(json.tasks).toEqual([
      {
        ...members,
        id: task.id,
        parentId: null,
        completedAt: null,
        createdAt: task.createdAt,
        recurrence: { ...members.recurrence, start: "2026-12-24", occurrence: 1 },
      },
    ]);
  });

  test.each(formats)("sorts the tasks in %s by position, with subtasks after the others", async (format) => {
    const ada = await seedUser(stack);
    const { task: first } = await createTask(ada, { title: "first" });
    await createTask(ada, { title: "subtask", parentId: first.id });
    const { task: second } = await createTask(ada, { title: "second" });
    const { task: third } = await createTask(ada, { title: "third" });
    await ada.client.post(`/api/tasks/${third.id}/move`, { before: second.id }, { token: ada.token });
    const file = await exportFile(ada, format);
    expect(titlesIn[format](file)).toEqual(["first", "third", "second", "subtask"]);
  });

  test.each(formats)("contains no task in the trash and no row of another account in %s", async (format) => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const { path } = await createTask(ada, { title: "Trashed" });
    await ada.client.delete(path, { token: ada.token });
    await createTask(ada, { title: "Kept" });
    const { id: projectId } = await createProject(grace, "Secret of Grace");
    await createTask(grace, { title: "Secret of Grace", projectId });
    const file = await exportFile(ada, format);
    expect(titlesIn[format](file)).toEqual(["Kept"]);
    expect(file).not.toContain("Grace");
    expect(file).not.toContain("Trashed");
  });

  test("starts CSV with a byte order mark and the columns that an import knows", async () => {
    const ada = await seedUser(stack);
    await createTask(ada);
    const content = await exportFile(ada, "csv");
    expect(content).toMatch(/^\ufeff/);
    const [head, ...rows] = parse(content, { bom: true });
    expect(head).toEqual(columnNames);
    expect(rows).toHaveLength(1);
  });

  test("returns the same calendar twice, in lines of at most 75 octets", async () => {
    const ada = await seedUser(stack);
    const { task } = await createTask(ada, { title: "🌱".repeat(100), description: "é\n".repeat(200) });
    const file = await exportFile(ada, "ics");
    expect(file).toContain(`\r\nUID:urn:uuid:${task.id}\r\n`);
    expect(await exportFile(ada, "ics")).toBe(file);
    for (const line of file.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(file.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});
