import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, callsOf } from "./calls.js";

const field = { name: "x", dataTypeID: 25, tableID: 0, columnID: 0, dataTypeSize: -1, dataTypeModifier: -1 };
const result = (fields: unknown, rows: unknown) => ({
  command: "SELECT",
  rowCount: 1,
  rowAsArray: true,
  fields,
  rows,
});
const batch = (last: unknown) => ({ ...(last as object), results: [result([field], [["x"]]), last] });

/** What something that is no database, or a broken one, may answer with 200. Served as single result and as batch. */
const shapes: Record<string, unknown> = {
  null: null,
  "an empty object": {},
  "an empty list": [],
  "a text": "ok",
  "no results": { results: [] },
  "results that are none": { results: [null, null, null], rows: null, fields: null },
  "an unknown column": batch(result([field], [["x"]])),
  "a row of nulls": batch(result([field], [[null]])),
  "rows without fields": batch(result([], [["x", "y"]])),
  "fields without names": batch(result([{}], [["x"]])),
  "rows that are numbers": batch(result([field], [1, 2])),
  "rows that are no list": batch(result([field], "x")),
};

/** Where finding nothing has a meaning of its own; what only reads has at least the row of its guard. */
const emptyMeans: Record<string, string | number> = {
  logout: 204,
  patchMe: "session-ended",
  patchTask: "not-found",
  deleteTask: "not-found",
  patchUser: "not-found",
  deleteUser: "not-found",
};

describe("an endpoint that answers nonsense", () => {
  let answer = { status: 200, body: "" };
  let endpoint: Server;
  let real: Stack;
  let stack: Stack;
  let calls: Call[];
  beforeAll(async () => {
    endpoint = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
      });
    });
    endpoint.listen(0, "127.0.0.1");
    [real] = await Promise.all([startStack(), once(endpoint, "listening")]);
    const { port } = endpoint.address() as AddressInfo;
    const env = { NEON_FETCH_ENDPOINT: `http://127.0.0.1:${port}/sql` };
    stack = await startStack({ sharing: real, env });
    calls = await callsOf(real, stack);
  });
  afterAll(async () => {
    await stack.stop();
    await real.stop();
    endpoint.close();
  });

  async function outcomes() {
    const seen: Record<string, unknown> = {};
    for (const { id, send } of calls) {
      const { status, code, setCookies } = await send();
      expect(setCookies, id).toEqual(id === "logout" && status === 204 ? [expect.any(String)] : []);
      seen[id] = code ?? status;
    }
    return seen;
  }
  const unavailable = () => Object.fromEntries(calls.map(({ id }) => [id, "database-unavailable"]));

  test.each(Object.keys(shapes))("%s: every operation answers 503, none 401 or 500", async (name) => {
    answer = { status: 200, body: JSON.stringify(shapes[name]) };
    expect(await outcomes()).toEqual(unavailable());
  });

  test.each([
    ["no body", 200, ""],
    ["half a text of JSON", 200, '{"rows": ['],
    ["a redirect", 302, ""],
    ["not modified", 304, ""],
    ["an error without fields", 400, "{}"],
    ["an error of other types", 400, '{"message": 1, "code": 2}'],
    ["an error that is a list", 400, "[]"],
    ["an error that is no JSON", 400, "<html>"],
    ["not allowed", 401, '{"message": "no"}'],
    ["too many requests", 429, "slow down"],
    ["another's problem", 503, "later"],
  ])("%s: every operation answers 503, none 401 or 500", async (_title, status, body) => {
    answer = { status, body };
    expect(await outcomes()).toEqual(unavailable());
  });

  test("no row where there is always one: 503, and the cookie stays", async () => {
    answer = { status: 200, body: JSON.stringify(batch(result([field], []))) };
    expect(await outcomes()).toEqual({ ...unavailable(), ...emptyMeans });
  });

  test("two rows where there is always one: 503, and the first is not believed", async () => {
    const fields = [{ ...field, name: "isVerified", dataTypeID: 16 }];
    answer = { status: 200, body: JSON.stringify(batch(result(fields, [["t"]]))) };
    expect(await outcomes()).toMatchObject({ verifyEmail: 200 });
    answer = { status: 200, body: JSON.stringify(batch(result(fields, [["t"], ["t"]]))) };
    expect(await outcomes()).toMatchObject({ verifyEmail: "database-unavailable" });
  });
});
