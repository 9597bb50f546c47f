import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Operation, problemsOf } from "../../../lib/contract.js";
import { type ProblemCode, problems } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { documentJson } from "../../stack/document.js";
import { startStack } from "../../stack/stack.js";
import type { Outcome, Stacks } from "./alterations.js";
import { loggedTrips } from "./logged-trips.js";
import { documentedOutcomes, produce, testableOutcomes, unsetVariables } from "./outcomes.js";
import { methodOf, testableRoutes } from "./valid-requests.js";

let stacks: Stacks;
beforeAll(async () => {
  const [stack, unconfigured] = await Promise.all([startStack(), startStack({ env: unsetVariables })]);
  stacks = { stack, unconfigured };
});
afterAll(() => Promise.all([stacks.stack.stop(), stacks.unconfigured.stop()]));

const standardMembers = ["type", "title", "status", "detail", "code", "requestId", "errors"];
const undocumentedMembers = (op: Operation, code: ProblemCode, problem: object) => {
  const documented = [...standardMembers, ...Object.keys(op.problemExtensions?.[code] ?? {})];
  return Object.keys(problem).filter((member) => !documented.includes(member));
};
/** A failed read is retried once. */
const mostTrips = (op: Operation, outcome: Outcome) =>
  (op.mostTrips ?? op.trips) + (outcome === "database-unavailable" ? 1 : 0);

const isCode = (outcome: Outcome): outcome is ProblemCode => outcome in problems;
const statusOf = (outcome: Outcome) => (isCode(outcome) ? problems[outcome].status : Number(outcome));

describe.each(testableRoutes.map((op) => [methodOf(op), op.path, op] as const))("%s %s", (_, __, op) => {
  test.each(testableOutcomes(op))(
    "returns %s, in no more round trips than its contract states",
    async (outcome) => {
      const response = await produce(op, outcome, stacks);
      expect(response.status, response.text).toBe(statusOf(outcome));
      expect(response.code).toBe(isCode(outcome) ? outcome : undefined);
      if (isCode(outcome)) {
        expect(response.json.type).toBe(`/problems#${outcome}`);
        const hint = "A member besides those of RFC 9457 belongs in `problemExtensions` of the contract.";
        expect(undocumentedMembers(op, outcome, response.json), hint).toEqual([]);
      }
      if ([429, 503].includes(response.status)) {
        expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      }
      expect(await loggedTrips(response, stacks.stack, stacks.unconfigured)).toBeLessThanOrEqual(
        mostTrips(op, outcome),
      );
    },
  );
});

test("every problem code except method-not-allowed is an outcome of an operation", () => {
  const ofOperations = new Set<string>(routes.flatMap(documentedOutcomes));
  const others = Object.keys(problems).filter((code) => !ofOperations.has(code));
  // Paths return it for methods that they lack, so it is not an outcome of an operation. methods.test.ts covers it.
  const hint = "A new code belongs in `problems` of the contract whose handler throws it.";
  expect(others, hint).toEqual(["method-not-allowed"]);
});

test("the document has exactly the statuses of the contracts", () => {
  const { paths } = JSON.parse(documentJson);
  for (const op of routes) {
    const statuses = [
      ...Object.keys(op.responses),
      ...problemsOf(op).map((code) => `${problems[code].status}`),
    ];
    // Besides them, `4XX` and `default` stand for errors of the platform.
    const documented = Object.keys(paths[op.path]?.[op.method]?.responses ?? {}).filter(Number);
    expect(documented.sort(), op.id).toEqual([...new Set(statuses)].sort());
  }
});

// @proof defect-reveals-nothing
test("POST /api/auth/login logs a defect on one error line and returns a 500 without details", async () => {
  const login = routes.find(({ id }) => id === "login");
  if (!login) throw new Error("no operation login");
  const response = await produce(login, "internal", stacks);
  const id = response.headers.get("x-request-id");
  await stacks.stack.waitForLog((line) => line.request_id === id);
  const lines = stacks.stack.logs().filter((line) => line.request_id === id);
  expect(lines).toMatchObject([{ level: "error", msg: "request", status: 500, code: "internal" }]);
  expect(lines[0]?.["fault"]).toMatchObject({ kind: expect.any(String) });
  expect(JSON.stringify(lines)).not.toContain("no hash");
  expect(Object.keys(response.json).sort()).toEqual(["code", "requestId", "status", "title", "type"]);
});
