import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemsOf } from "../../../lib/contract.js";
import { type ProblemCode, problems } from "../../../lib/problem.js";
import { routes } from "../../../lib/routes.js";
import { startStack } from "../../stack/stack.js";
import { methodOf } from "./prepared.js";
import { type Kitchen, noVariables, type Outcome, outcomesOf, produce, recipeFor } from "./recipes.js";

let kitchen: Kitchen;
beforeAll(async () => {
  const [stack, bare] = await Promise.all([startStack(), startStack({ env: noVariables })]);
  kitchen = { stack, bare };
});
afterAll(() => Promise.all([kitchen.stack.stop(), kitchen.bare.stop()]));

const isCode = (outcome: Outcome): outcome is ProblemCode => outcome in problems;
const statusOf = (outcome: Outcome) => (isCode(outcome) ? problems[outcome].status : Number(outcome));

describe.each(routes.map((op) => [methodOf(op), op.path, op] as const))("%s %s", (_, __, op) => {
  test.each(outcomesOf(op))("can answer %s", async (outcome) => {
    const answer = await produce(op, outcome, kitchen);
    expect(answer.status, answer.text).toBe(statusOf(outcome));
    expect(answer.code).toBe(isCode(outcome) ? outcome : undefined);
    if (isCode(outcome)) expect(answer.json.type).toBe(`/problems#${outcome}`);
    if ([429, 503].includes(answer.status)) {
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });
});

test("every documented outcome of every operation has a recipe", () => {
  const missing = routes.flatMap((op) =>
    outcomesOf(op).flatMap((outcome) => (recipeFor(op, outcome) ? [] : [`${op.id} ${outcome}`])),
  );
  expect(missing).toEqual([]);
});

test("every code of the catalogue is an outcome of some operation, or belongs to no operation", () => {
  const ofOperations = new Set<string>(routes.flatMap(outcomesOf));
  const others = Object.keys(problems).filter((code) => !ofOperations.has(code));
  // Of a path whose operations have other methods: methods.test.ts produces it.
  expect(others).toEqual(["method-not-allowed"]);
});

test("the document has the statuses of the contract, and no other", () => {
  const { paths } = JSON.parse(readFileSync(new URL("../../../openapi.json", import.meta.url), "utf8"));
  for (const op of routes) {
    const statuses = [
      ...Object.keys(op.responses),
      ...problemsOf(op).map((code) => `${problems[code].status}`),
    ];
    expect(Object.keys(paths[op.path][op.method].responses).sort(), op.id).toEqual(
      [...new Set(statuses)].sort(),
    );
  }
});

test("a defect is one error line that names the place and quotes nothing, and an answer that tells nothing", async () => {
  const login = routes.find(({ id }) => id === "login");
  if (!login) throw new Error("no login");
  const answer = await produce(login, "internal", kitchen);
  const id = answer.headers.get("x-request-id");
  await kitchen.stack.log((line) => line.request_id === id);
  const lines = kitchen.stack.logs().filter((line) => line.request_id === id);
  expect(lines).toMatchObject([{ level: "error", msg: "request", status: 500, code: "internal" }]);
  expect(lines[0]?.["fault"]).toMatchObject({ kind: expect.any(String) });
  expect(JSON.stringify(lines)).not.toContain("no hash");
  expect(Object.keys(answer.json).sort()).toEqual(["code", "requestId", "status", "title", "type"]);
});
