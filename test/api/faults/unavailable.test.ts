import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { type Call, callsOf } from "./calls.js";

const sqlStates = ["40001", "57014", "53300", "57P03", "23505", "42501"];
const faults = [
  ...(["refuse", "500", "507", "reset", "truncated", "garbage", "lost"] as const).map((kind) => ({
    title: kind,
    fault: { kind },
  })),
  ...sqlStates.map((code) => ({
    title: `SQL state ${code}`,
    fault: { kind: "sql" as const, code, message: "canary of the database", constraint: "c" },
  })),
];
/** The statement did not run at all, or was rolled back: anything may be tried again. */
const ranNothing = ["40001", "53300", "57P03"];
const { status } = problems["database-unavailable"];

describe("while the database is out of order", () => {
  let stack: Stack;
  let calls: Call[];
  beforeAll(async () => {
    stack = await startStack();
    calls = await callsOf(stack);
  });
  afterAll(() => stack.stop());

  test("every operation that needs it is asked here", () => {
    const needing = routes.filter((op) => op.trips > 0).map((op) => op.id);
    expect(calls.map((call) => call.id)).toEqual(needing);
  });

  test.each(faults)("$title: every operation answers 503 and keeps the cookie", async ({ fault }) => {
    await stack.neon.inject(stack.databaseName, { fault });
    const outcomes = [];
    for (const { id, send } of calls) {
      const { status, code, headers, setCookies } = await send();
      const retryAfter = Number(headers.get("retry-after"));
      outcomes.push({ id, status, code, mayRetry: retryAfter > 0 && retryAfter < 60, setCookies });
    }
    await stack.neon.heal(stack.databaseName);
    const unavailable = { status, code: "database-unavailable", mayRetry: true, setCookies: [] };
    expect(outcomes).toEqual(calls.map(({ id }) => ({ id, ...unavailable })));
  });

  test.each(["500", "garbage", "40001", "23505"])(
    "%s: each request writes one line, which names the query and the fault and quotes nothing",
    async (kind) => {
      const isSql = sqlStates.includes(kind);
      const fault = isSql ? { kind: "sql" as const, code: kind } : { kind: kind as "500" | "garbage" };
      await stack.neon.inject(stack.databaseName, { fault });
      for (const { id, reads, send } of calls) {
        const requestId = `${id}-${kind}-line`;
        await send(requestId);
        const isOurs = (line: { msg: string; request_id?: string }) =>
          line.msg === "request" && line.request_id === requestId;
        const line = await stack.log(isOurs);
        expect(stack.logs().filter(isOurs), id).toHaveLength(1);
        expect(line, id).toMatchObject({ level: "error", status, code: "database-unavailable" });
        expect(line["db_calls"], id).toBe(reads || ranNothing.includes(kind) ? 2 : 1);
        expect(line["fault"], id).toEqual({
          kind: kind === "garbage" ? "nonsense" : "failed",
          query: expect.stringMatching(/^[a-z]\w+( [a-z-]+)?$/i),
          ...(isSql ? { sqlstate: kind } : {}),
        });
      }
      await stack.neon.heal(stack.databaseName);
    },
  );

  test("the functions printed nothing but JSON lines: no stack trace, no SQL, nothing unhandled", () => {
    const printed = stack.output();
    for (const line of printed.split("\n")) expect(() => JSON.parse(line), line).not.toThrow();
    expect(printed).not.toMatch(/\b(select \W|select \w+ from|insert into|returning|where)\b/i);
    expect(printed).not.toMatch(/canary of the database|nhandled|Error:/);
  });

  test("everything works again as soon as the database does", async () => {
    const ready = await stack.client().get("/api/ready");
    expect(ready.status).toBe(200);
    const [outcome] = await Promise.all(calls.filter(({ id }) => id === "login").map(({ send }) => send()));
    expect(outcome?.status).toBe(200);
  });
});
