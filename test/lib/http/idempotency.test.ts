import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { idempotencyKey } from "../../../lib/http/idempotency.js";
import { createTask } from "../../../lib/tasks/contract/tasks.js";
import { newTask } from "../../../lib/tasks/shapes.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");

const userId = "01890a5d-ac96-774b-bcce-b302099a8057";

describe("idempotencyKey", () => {
  test("stays the same across releases, so that a retry after an upgrade matches", () => {
    const body = newTask.parse({ title: "Water the plants" });
    expect(idempotencyKey(createTask, userId, "key-1", body)).toEqual({
      id: sha256(`["createTask","${userId}","key-1"]`),
      // The members of release 0.1, before tasks had a priority and a due date.
      requestHash: sha256('[{"title":"Water the plants","description":null,"status":"todo"}]'),
    });
  });

  test("tells requests apart by every member", () => {
    const hashOf = (body: object) =>
      idempotencyKey(createTask, userId, "key-1", newTask.parse({ title: "x", ...body }))?.requestHash;
    const bodies = [{}, { title: "y" }, { status: "done" }, { priority: 1 }, { due: { date: "2026-12-24" } }];
    expect(new Set(bodies.map(hashOf)).size).toBe(bodies.length);
  });
});
