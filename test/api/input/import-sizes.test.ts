import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { importLimits } from "../../../lib/transfer/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { pointersOf } from "../tasks/new-task.js";
import { type File, importFile, importPath, sendFile } from "../transfer/files.js";
import { sendChunks } from "./chunked-request.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const { bodyBytes, rows: maxRows } = importLimits;

/** An import whose body has exactly this size. */
const importOf = (bytes: number) => {
  const json = JSON.stringify({ format: "csv", content: "title\r\nWater the plants" });
  return json + " ".repeat(bytes - Buffer.byteLength(json));
};
const send = ({ client, token }: TestUser, body: string) =>
  client.send("POST", importPath, { body, headers: { "content-type": "application/json" }, token });

const tasksOf = async ({ client, token }: TestUser) => (await client.get("/api/tasks", { token })).json.data;

describe("the body of POST /api/tasks/import", () => {
  test("is the only one that may have more than 64 KiB", () => {
    const others = routes.filter((op) => op.maxBodyBytes !== undefined);
    expect(others.map(({ id, maxBodyBytes }) => [id, maxBodyBytes])).toEqual([["importTasks", bodyBytes]]);
  });

  test("may have 1 MiB, with a Content-Length and in chunks", async () => {
    const body = importOf(bodyBytes);
    expect((await send(ada, body)).json).toMatchObject({ created: 1 });
    const chunks = [body.slice(0, 10), body.slice(10, 100_000), body.slice(100_000)];
    expect(await sendChunks(stack, ada, importPath, ...chunks)).toMatchObject({ status: 200 });
  });

  test("returns 413 for one byte more, with a Content-Length and in chunks, and creates nothing", async () => {
    const eve = await seedUser(stack);
    const refused = { status: 413, code: "payload-too-large" };
    const body = importOf(bodyBytes + 1);
    expect(await send(eve, body)).toMatchObject(refused);
    expect(await sendChunks(stack, eve, importPath, body.slice(0, bodyBytes), body.slice(bodyBytes))).toEqual(
      refused,
    );
    expect(await stack.client().send("POST", importPath, { body })).toMatchObject(refused);
    expect(await tasksOf(eve)).toEqual([]);
  });
});

const times = (count: number, text: string) => text.repeat(count);
const files: Record<File["format"], (rows: number) => string> = {
  json: (rows) => JSON.stringify({ tasks: Array(rows).fill({ title: "x" }) }),
  csv: (rows) => `title\n${times(rows, "x\n")}`,
  todoist: (rows) => `TYPE,CONTENT\n${times(rows, "task,x\n")}`,
  ics: (rows) => `BEGIN:VCALENDAR\n${times(rows, "BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n")}END:VCALENDAR`,
};

describe("a file with the maximum number of rows for POST /api/tasks/import", () => {
  // @proof import-rows-limited
  test.each(Object.entries(files))(
    "creates a task for each row in %s, and is refused with one row more",
    async (format, of) => {
      const person = await seedUser(stack);
      const fileOf = (rows: number) => ({ format, content: of(rows) }) as File;
      const response = await sendFile(person, fileOf(maxRows + 1));
      expect(response).toMatchObject({ status: 422, code: "invalid-request" });
      expect(pointersOf(response)).toEqual(["/content"]);
      expect(await tasksOf(person)).toEqual([]);
      expect(await importFile(person, fileOf(maxRows))).toMatchObject({ created: maxRows });
    },
  );
});

test("no file in this test makes a function log an error", () => {
  expect(stack.output()).not.toMatch(/"level":"(error|fatal)"|nhandled|Error:/);
});
