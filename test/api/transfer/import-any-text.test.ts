import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importLimits } from "../../../lib/transfer/limits.js";
import { nastyFiles } from "../../lib/transfer/nasty-files.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { pointersOf } from "../tasks/new-task.js";
import { importFile, outcomesOf, sendFile } from "./files.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const isSendable = (file: object) => Buffer.byteLength(JSON.stringify(file)) <= importLimits.bodyBytes;
/** Line breaks and quotes take two octets in the body. */
const sendable = nastyFiles.filter(([format, , content]) => isSendable({ format, content }));

describe("POST /api/tasks/import of arbitrary text", () => {
  test.each(sendable)("returns a report or 422 for %s of %s", async (format, _, content) => {
    const response = await sendFile(await seedUser(stack), { format, content });
    if (response.status !== 200) expect([response.status, response.code]).toEqual([422, "invalid-request"]);
  });

  test.each([
    ["json", String.raw`{"tasks":[{"title":"a\u0000"},{"title":"\ud800"},{"title":"b"}]}`],
    ["csv", "title,description\na\0,\nb,\0\nc,\n"],
    ["todoist", "TYPE,CONTENT,DESCRIPTION\ntask,a\0,\ntask,b,\0\ntask,c,\n"],
  ] as const)("refuses the rows of %s that Postgres cannot store", async (format, content) => {
    const report = await importFile(await seedUser(stack), { format, content });
    expect(outcomesOf(report)).toEqual(["refused", "refused", "created"]);
  });

  test.each([
    ["csv", "title\n\ud800\n"],
    ["todoist", "TYPE,CONTENT\ntask,\ud800\n"],
  ] as const)("returns 422 for %s with a lone surrogate", async (format, content) => {
    const response = await sendFile(await seedUser(stack), { format, content });
    expect([response.status, pointersOf(response)]).toEqual([422, ["/content"]]);
  });

  test("takes instants that Postgres does not read", async () => {
    const [long, offset] = [`2026-01-01T00:00:00.${"1".repeat(300)}Z`, "2026-01-01T00:00:00+23:59"];
    const content = JSON.stringify({
      tasks: [
        { title: "a", status: "done", createdAt: long, completedAt: offset },
        { title: "b", createdAt: "1969-12-31T23:59:59Z" },
      ],
      projects: [
        { id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b22", name: "Flat", createdAt: offset, archivedAt: long },
      ],
    });
    const report = await importFile(await seedUser(stack), { format: "json", content });
    expect(outcomesOf(report)).toEqual(["created", "refused"]);
  });

  test("refuses the second of two rows whose ids differ by case", async () => {
    const id = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
    const content = `id,title\n${id},a\n${id.toUpperCase()},b\n`;
    const report = await importFile(await seedUser(stack), { format: "csv", content });
    expect(report.rows).toMatchObject([
      { outcome: "created", id },
      { outcome: "refused", errors: [{ pointer: "/id" }] },
    ]);
  });
});
