import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemsOf } from "../../../lib/contract.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedTask, seedUser } from "../../stack/seed.js";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { type Call, createCalls } from "./calls.js";

/** Body of a response to this number of statements; a single statement is not a batch. */
type Body = (statements: number) => string;

const field = { name: "x", dataTypeID: 25, tableID: 0, columnID: 0, dataTypeSize: -1, dataTypeModifier: -1 };
const result = (fields: unknown, rows: unknown) => ({
  command: "SELECT",
  rowCount: 1,
  rowAsArray: true,
  fields,
  rows,
});
const always =
  (value: unknown): Body =>
  () =>
    JSON.stringify(value);
/** Gives the last statement this result and each guard before it a row. */
const lastResult =
  (last: unknown): Body =>
  (statements) => {
    const guards = Array.from({ length: statements - 1 }, () => result([field], [["x"]]));
    return JSON.stringify({ ...(last as object), results: [...guards, last] });
  };

const bodies: Record<string, Body> = {
  null: always(null),
  "an empty object": always({}),
  "an empty list": always([]),
  "a string": always("ok"),
  "no results": always({ results: [] }),
  "null results": always({ results: [null, null, null], rows: null, fields: null }),
  "an unknown column": lastResult(result([field], [["x"]])),
  "a row of nulls": lastResult(result([field], [[null]])),
  "rows without fields": lastResult(result([], [["x", "y"]])),
  "fields without names": lastResult(result([{}], [["x"]])),
  "numbers instead of rows": lastResult(result([field], [1, 2])),
  "a string instead of rows": lastResult(result([field], "x")),
};

/**
 * The result of an operation whose last statement finds no row. Writes that address a resource return 404. Any other
 * result than 503 stands here, by operation id.
 */
const resultsWithoutRow: Record<string, string | number> = {
  logout: 204,
  patchMe: "session-ended",
  closeAccount: "session-ended",
  batchTasks: "database-unavailable",
  startPasswordReset: "database-unavailable",
  deleteLabel: "database-unavailable",
  createFeed: "session-ended",
  deleteFeed: 204,
  readFeed: "not-found",
};
function resultWithoutRow({ id, op, isRead }: Call): string | number {
  const isMissing = !isRead && problemsOf(op).includes("not-found");
  return resultsWithoutRow[id] ?? (isMissing ? "not-found" : "database-unavailable");
}

describe("when the database endpoint returns an unexpected result", () => {
  let response: { status: number; body: Body };
  let endpoint: Server;
  let real: Stack;
  let stack: Stack;
  let calls: Call[];
  beforeAll(async () => {
    endpoint = createServer(async (request, reply) => {
      const { queries } = (await json(request)) as { queries?: unknown[] };
      const { status, body } = response;
      reply.writeHead(status, { "content-type": "application/json" }).end(body(queries?.length ?? 1));
    });
    endpoint.listen(0, "127.0.0.1");
    [real] = await Promise.all([startStack(), once(endpoint, "listening")]);
    const { port } = endpoint.address() as AddressInfo;
    const env = { NEON_FETCH_ENDPOINT: `http://127.0.0.1:${port}/sql` };
    stack = await startStack({ sharing: real, env });
    calls = await createCalls(real, stack);
  });
  afterAll(async () => {
    await stack.stop();
    await real.stop();
    endpoint.close();
  });

  async function results() {
    const seen: Record<string, string | number> = {};
    for (const { id, send } of calls) {
      const { status, code, setCookies } = await send();
      expect(setCookies, id).toEqual(id === "logout" && status === 204 ? [expect.any(String)] : []);
      seen[id] = code ?? status;
    }
    return seen;
  }
  const resultsBy = (resultOf: (call: Call) => string | number) =>
    Object.fromEntries(calls.map((call) => [call.id, resultOf(call)]));
  const unavailable = () => resultsBy(() => "database-unavailable");

  // @proof unexpected-result-fails-closed
  test.each(Object.entries(bodies))("200 with %s: every operation returns 503", async (_title, body) => {
    response = { status: 200, body };
    expect(await results()).toEqual(unavailable());
  });

  test.each([
    ["no body", 200, ""],
    ["truncated JSON", 200, '{"rows": ['],
    ["a redirect", 302, ""],
    ["not modified", 304, ""],
    ["an error without members", 400, "{}"],
    ["an error with members of other types", 400, '{"message": 1, "code": 2}'],
    ["a list as an error", 400, "[]"],
    ["HTML as an error", 400, "<html>"],
    ["an authentication error", 401, '{"message": "no"}'],
    ["a rate limit", 429, "slow down"],
    ["a proxy's 503", 503, "later"],
  ])("%s: every operation returns 503", async (_title, status, body) => {
    response = { status, body: () => body };
    expect(await results()).toEqual(unavailable());
  });

  test("no row where a statement always yields one: 503 without a cookie", async () => {
    response = { status: 200, body: lastResult(result([field], [])) };
    const hint = "An operation with another meaning of no row belongs in resultsWithoutRow in this file.";
    expect(await results(), hint).toEqual(resultsBy(resultWithoutRow));
  });

  test("two rows where a statement always yields one: 503", async () => {
    const { INT4 } = pg.types.builtins;
    const columns = ["wait", "refused", "email"].map((name) => ({ ...field, name, dataTypeID: INT4 }));
    const row = ["0", null, null];
    response = { status: 200, body: lastResult(result(columns, [row])) };
    expect(await results()).toMatchObject({ resendVerification: 202 });
    response = { status: 200, body: lastResult(result(columns, [row, row])) };
    expect(await results()).toMatchObject({ resendVerification: "database-unavailable" });
  });
});

test("a row that does not match its schema: 503, and the log names the member without its value", async () => {
  const stack = await startStackForTest();
  const { id, client, token } = await seedUser(stack);
  const path = `/api/tasks/${await seedTask(stack, id)}`;
  await stack.sql("alter table tasks drop constraint tasks_status");
  await stack.sql("update tasks set status = 'canary', version = 0");
  const at = async (response: Promise<ApiResponse>) => {
    const { status, headers } = await response;
    expect(status).toBe(503);
    const line = await stack.waitForLog((each) => each.request_id === headers.get("x-request-id"));
    return line["fault"];
  };
  expect(await at(client.get(path, { token }))).toEqual({
    kind: "unexpected-result",
    query: "selectTask",
    at: "status: invalid_value, version: too_small",
  });
  expect(await at(client.patch(path, { title: "New" }, { token }))).toMatchObject({
    at: "resource.status: invalid_value",
  });
  expect(stack.output()).not.toContain("canary");
});
