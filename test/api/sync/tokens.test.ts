import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "../tasks/new-task.js";
import { currentToken, pull } from "./replica.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const resync = "full-resync-required";
const codeFor = async (since: string, person = ada) => {
  const { status, code } = await pull(person, { since });
  return code ?? status;
};

describe("GET /api/sync?since=", () => {
  test("returns 410 for the token of another user", async () => {
    expect(await codeFor(await currentToken(await seedUser(stack)))).toBe(resync);
  });

  test("returns 410 for a token with one character changed, removed or added", async () => {
    const token = await currentToken(ada);
    const changed = [...token].map((character, i) => {
      const other = character === "A" ? "B" : "A";
      return token.slice(0, i) + other + token.slice(i + 1);
    });
    for (const wrong of [...changed, token.slice(1), token.slice(0, -1), `A${token}`, `${token}A`]) {
      expect(await codeFor(wrong), wrong).toBe(resync);
    }
  });

  test("returns 410 for a cursor of a list", async () => {
    await createTask(ada);
    await createTask(ada);
    const { json } = await ada.client.get("/api/tasks?limit=1", { token: ada.token });
    expect(await codeFor(json.nextCursor)).toBe(resync);
  });

  test("returns 410 for a token ahead of the last change, because the database was restored", async () => {
    await createTask(ada);
    const before = await currentToken(ada);
    await createTask(ada);
    const ahead = await currentToken(ada);
    await stack.sql("update sync_heads set seq = seq - 1 where user_id = $1", [ada.id]);
    expect([await codeFor(ahead), await codeFor(before)]).toEqual([resync, 200]);
  });

  test("returns 410 for the tokens from before a restore, once the statement of docs/deploy.md has run", async () => {
    const guide = await readFile(new URL("../../../docs/deploy.md", import.meta.url), "utf8");
    const [statement = ""] = /^update sync_heads .*;$/m.exec(guide) ?? [];
    const before = await currentToken(ada);
    const { task } = await createTask(ada);
    const [{ seq } = {}] = await stack.sql("select seq from sync_heads where user_id = $1", [ada.id]);
    await createTask(ada);
    const lost = await currentToken(ada);
    await stack.sql("delete from tasks where user_id = $1 and id <> $2", [ada.id, task.id]);
    await stack.sql("delete from tombstones where user_id = $1", [ada.id]);
    await stack.sql("update sync_heads set seq = $2 where user_id = $1", [ada.id, seq]);
    await stack.sql(statement.replace(";", " where user_id = $1"), [ada.id]);
    await createTask(ada);
    expect([await codeFor(lost), await codeFor(before)]).toEqual([resync, resync]);
    expect(await codeFor(await currentToken(ada))).toBe(200);
  });

  test("rejects a malformed token without a database round trip", async () => {
    const { headers, status } = await pull(ada, { since: "AAAA" });
    const line = await stack.waitForLog((entry) => entry.request_id === headers.get("x-request-id"));
    expect([status, line["db_calls"]]).toEqual([410, 0]);
  });
});
