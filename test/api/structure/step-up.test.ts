import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stepUp } from "../../../lib/auth/limits.js";
import { problemsOf } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import { agedToken } from "../../stack/aged-token.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { comparable, readRows } from "../faults/rows.js";
import { methodOf, sendRequest, successStatusOf, testableRoutes, validRequest } from "./valid-requests.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** The test itself takes time, during which a proof ages. */
const testSeconds = 30;

const withToken = testableRoutes.filter(({ auth }) => auth === "access-token" || auth === "admin");
const titled = withToken.map((op) => [methodOf(op), op.path, op] as const);
const isSensitive = ([, , op]: (typeof titled)[number]) => op.stepUp === true;

/** Sends a valid request with a token whose proof is this old. */
async function sendAged(op: (typeof withToken)[number], ageSeconds: number) {
  const request = await validRequest(op, stack);
  const token = await agedToken(stack, request.options.token, ageSeconds);
  return { request, token, send: () => sendRequest(op, request, { token }) };
}

// @proof admin-writes-need-recent-proof
test("every write of an admin requires a recent proof", () => {
  const writes = routes.filter(({ auth, method }) => auth === "admin" && method !== "get");
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.filter((op) => !op.stepUp).map(({ id }) => id)).toEqual([]);
});

test("an operation documents step-up-required if, and only if, its contract requires a recent proof", async () => {
  const { paths } = (await stack.client().get("/api/openapi.json")).json;
  for (const op of routes) {
    const isRequired = op.stepUp === true;
    expect(problemsOf(op).includes("step-up-required"), op.id).toBe(isRequired);
    expect(paths[op.path][op.method]["x-step-up"], op.id).toEqual(
      isRequired ? { maxAgeSeconds: stepUp.maxAgeSeconds } : undefined,
    );
  }
});

describe.each(titled.filter(isSensitive))("%s %s", (_, __, op) => {
  // @proof old-proof-changes-nothing
  test("returns 401 step-up-required for an old proof, without a database query, and changes nothing", async () => {
    const { send } = await sendAged(op, stepUp.maxAgeSeconds);
    await stack.waitUntilIdle();
    const before = comparable(await readRows(stack));
    const { requests } = await stack.neon.stats(stack.databaseName);
    const response = await send();
    expect(response).toMatchObject({ status: 401, code: "step-up-required" });
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer realm="latchkey", error="insufficient_user_authentication", max_age=${stepUp.maxAgeSeconds}`,
    );
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
    expect(comparable(await readRows(stack))).toEqual(before);
  });

  test("accepts a proof that is almost too old", async () => {
    const { send } = await sendAged(op, stepUp.maxAgeSeconds - testSeconds);
    expect((await send()).status).toBe(successStatusOf(op));
  });

  test("remembers the proof of a token that it has verified", async () => {
    const { request, token } = await sendAged(op, stepUp.maxAgeSeconds);
    expect((await request.client.get("/api/auth/me", { token })).status).toBe(200);
    expect((await sendRequest(op, request, { token })).code).toBe("step-up-required");
    expect((await sendRequest(op, request)).status).toBe(successStatusOf(op));
  });

  test("returns 401 step-up-required for a proof of the future, beyond the difference between two clocks", async () => {
    const { send } = await sendAged(op, -stepUp.clockSkewSeconds - testSeconds);
    expect((await send()).code).toBe("step-up-required");
    const skewed = await sendAged(op, -stepUp.clockSkewSeconds + 1);
    expect((await skewed.send()).status).toBe(successStatusOf(op));
  });

  // @proof old-proof-reveals-nothing
  test("returns the same response to an old proof whether the session lives, has ended, or lacks the role", async () => {
    const { request, send } = await sendAged(op, stepUp.maxAgeSeconds);
    const living = await send();
    const id = request.person?.id;
    const states = [
      "update users set role = 'user' where id = $1",
      "update sessions set ended_at = now() where user_id = $1",
      "update users set banned_at = now() where id = $1",
      "delete from users where id = $1",
    ];
    for (const state of states) {
      await stack.sql(state, [id]);
      const response = await send();
      expect({ ...response.json, requestId: "" }).toEqual({ ...living.json, requestId: "" });
      expect([...response.headers.keys()].sort()).toEqual([...living.headers.keys()].sort());
    }
  });
});

describe.each(titled.filter((entry) => !isSensitive(entry)))("%s %s", (_, __, op) => {
  test("accepts a proof of any age", async () => {
    const { send } = await sendAged(op, stepUp.maxAgeSeconds * 100);
    expect((await send()).status).toBe(successStatusOf(op));
  });
});
