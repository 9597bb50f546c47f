import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import type { ApiResponse } from "../../stack/client.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { createProject } from "../projects/new-project.js";
import { createTask } from "../tasks/new-task.js";
import { personOf } from "./alterations.js";
import { bodyMembers, exampleBody, valueOtherThan } from "./openapi-requests.js";
import type { ValidRequest } from "./special-requests.js";
import { methodOf, sendRequest, successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

type Json = Record<string, unknown>;

/** How to read the sent value of a member that the resource shows in another form, by operation id. */
const readers: Record<string, Record<string, (resource: Json) => unknown>> = {
  patchUser: { banned: ({ bannedAt }) => bannedAt !== null },
  patchProject: { archived: ({ archivedAt }) => archivedAt !== null },
};

/** A new parent, and the project that it is in. */
async function newPlacement(request: ValidRequest): Promise<Json> {
  const { id: projectId } = await createProject(personOf(request));
  const { task } = await createTask(personOf(request), { projectId });
  return { projectId, parentId: task.id };
}

/** The members that refer to existing rows, by operation id. */
const references: Record<string, (request: ValidRequest) => Promise<Json>> = {
  createTask: newPlacement,
  patchTask: newPlacement,
};

const readBack = (op: Operation, resource: Json, member: string): unknown =>
  readers[op.id]?.[member]?.(resource) ?? resource[member];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Every documented member with a value other than its `current` one, which a forgotten column would keep. */
async function newBody(op: Operation, current: Json, request: ValidRequest): Promise<Json> {
  const named = (await references[op.id]?.(request)) ?? {};
  const members = Object.entries(bodyMembers(op)).filter(([name]) => !(name in named));
  const body = members.map(([name, schema]) => {
    const value = valueOtherThan(current[name], exampleBody(op)?.[name], schema);
    return [name, value] as const;
  });
  return { ...Object.fromEntries(body), ...named };
}

async function readResource({ client, options }: ValidRequest, path: string): Promise<Json> {
  const { json: _, ...read } = options;
  const { status, text, json } = await client.get(path, read);
  expect(status, text).toBe(200);
  return json;
}

async function expectRoundTrip(op: Operation, request: ValidRequest, response: ApiResponse, path: string) {
  expect(response.status, response.text).toBe(successStatusOf(op));
  const resource = await readResource(request, path);
  const sent = request.options.json as Json;
  for (const [member, value] of Object.entries(sent)) {
    const hint = `${member} of ${methodOf(op)} ${op.path}. A member that its GET shows in another form needs an entry in \`readers\` in test/api/structure/round-trip.test.ts.`;
    expect(readBack(op, resource, member), hint).toEqual(value);
  }
  if (response.json) expect(response.json).toEqual(resource);
}

const titled = (ops: readonly Operation[]) => ops.map((op) => [methodOf(op), op.path, op] as const);
const creates = testableRoutes.filter((op) => op.method === "post" && op.responses[201] && op.body);
const patches = testableRoutes.filter((op) => op.method === "patch" && op.body);

test("every PATCH has a GET of the same path", () => {
  const hasGet = ({ path }: Operation) => routes.some((op) => op.method === "get" && op.path === path);
  expect(patches.filter((op) => !hasGet(op)).map(({ path }) => path)).toEqual([]);
  expect([creates.length, patches.length]).not.toContain(0);
});

describe.each(titled(creates))("%s %s", (_, __, op) => {
  test("stores every member of its body", async () => {
    const request = await validRequest(op, stack);
    const defaults = Object.fromEntries(
      Object.entries(bodyMembers(op)).map(([name, schema]) => [name, schema.default]),
    );
    request.options.json = await newBody(op, defaults, request);
    const response = await sendRequest(op, request);
    await expectRoundTrip(op, request, response, String(response.headers.get("location")));
  });
});

describe.each(titled(patches))("%s %s", (_, __, op) => {
  test("stores every member of its body", async () => {
    const request = await validRequest(op, stack);
    const before = await readResource(request, request.path);
    const members = Object.keys(bodyMembers(op));
    const current = Object.fromEntries(members.map((member) => [member, readBack(op, before, member)]));
    request.options.json = await newBody(op, current, request);
    await expectRoundTrip(op, request, await sendRequest(op, request), request.path);
  });
});
