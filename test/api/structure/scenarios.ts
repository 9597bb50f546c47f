import { budgets } from "../../../lib/auth/limits.js";
import type { Operation } from "../../../lib/contract.js";
import { agedToken } from "../../stack/aged-token.js";
import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import { spendBudget } from "../auth/rate-limits.js";
import {
  afterConfirmation,
  afterSql,
  afterTarget,
  altered,
  type Outcome,
  personOf,
  type Scenario,
  withBody,
  withHeaders,
  withMembers,
  withQuery,
  withSignedBody,
} from "./alterations.js";
import { bodyMembers, valueOtherThan } from "./openapi-requests.js";
import type { ValidRequest } from "./special-requests.js";
import { taskScenarios } from "./task-scenarios.js";
import { sendRequest, validRequest } from "./valid-requests.js";

const unknownId = "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21";
const kibibyte = 1024;

const invalidRequest: Scenario = (op, stacks) => {
  if (op.body) return withMembers({ unknown: 1 })(op, stacks);
  if (op.query) return withQuery("unknown=1")(op, stacks);
  const [name = ""] = Object.keys(op.headers?.shape ?? {});
  return withHeaders({ [name]: "x".repeat(2 * kibibyte) })(op, stacks);
};

/** Sends the body again under the same key, with its first member changed. */
const reusedKey: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  const json = request.options.json as Record<string, unknown>;
  const headers = { "idempotency-key": "one" };
  await sendRequest(op, request, { headers });
  const [[name, schema] = ["", {}]] = Object.entries(bodyMembers(op));
  const changed = { ...json, [name]: valueOtherThan(json[name], json[name], schema) };
  return sendRequest(op, request, { headers, json: changed });
};

const notModified: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  const { headers } = await sendRequest(op, request);
  return sendRequest(op, request, { headers: { "if-none-match": String(headers.get("etag")) } });
};

const withToken = ["access-token", "admin"];
/** More than the small responses that make up one unit of data. */
const manyReads = 500;

/** Spends the budgets of the user. A read is refused when the unit that this instance has sent is due. */
async function spentByUser(op: Operation, request: ValidRequest, stack: Stack): Promise<ApiResponse> {
  const subject = personOf(request).id;
  for (const budget of [budgets.writesByUser, budgets.dataByUser])
    await spendBudget(stack, { budget, subject });
  let response = await sendRequest(op, request);
  for (let i = 0; i < manyReads && response.code !== "rate-limited"; i += 1) {
    response = await sendRequest(op, request);
  }
  return response;
}

const rateLimited: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  if (withToken.includes(op.auth)) return spentByUser(op, request, stack);
  await sendRequest(op, request);
  await stack.sql("update throttle set tat = now() + interval '1 day'");
  // A known device has a separate budget.
  request.client.cookies.clear();
  return sendRequest(op, request);
};

/** Sends the request with a key, revokes the feed, and repeats the request. */
const replayOfEndedFeed: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  const headers = { "idempotency-key": "one" };
  await sendRequest(op, request, { headers });
  await stack.sql("delete from feeds where user_id = $1", [personOf(request).id]);
  return sendRequest(op, request, { headers });
};

/** A read of the feed pays for the previous ones. */
const spentByBearer: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  const { id } = personOf(request);
  await stack.sql(
    `insert into tasks (id, user_id, title, description, status)
     select gen_random_uuid(), $1, 'Task', repeat('x', 1000), 'todo' from generate_series(1, 100)`,
    [id],
  );
  await spendBudget(stack, { budget: budgets.feedDataByUser, subject: id });
  await sendRequest(op, request);
  return sendRequest(op, request);
};

/** Targets the caller after every other user has lost the admin role. */
const lastAdmin = altered(async (request, op, stack) => {
  const { id } = personOf(request);
  const { options } = request;
  await stack.sql("update users set role = 'user' where id <> $1", [id]);
  const path = op.path.replace("{id}", id);
  return op.body ? { path, options: { ...options, json: { role: "user" } } } : { path };
});

const databaseUnavailable: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  await stack.neon.inject(stack.databaseName, { fault: { kind: "500" } });
  try {
    return await sendRequest(op, request);
  } finally {
    await stack.neon.heal(stack.databaseName);
  }
};

/** Scenarios that fit every operation with this outcome. */
export const sharedScenarios: Partial<Record<Outcome, Scenario>> = {
  304: notModified,
  "malformed-json": withBody("{"),
  "unsupported-media-type": withBody("{}", "text/plain"),
  "payload-too-large": (op, stacks) =>
    withBody(`"${"x".repeat(op.maxBodyBytes ?? 64 * kibibyte)}"`)(op, stacks),
  "invalid-request": invalidRequest,
  unauthenticated: altered(({ options: { token: _, ...options } }) => ({ options })),
  "step-up-required": altered(async ({ options }, _, stack) => ({
    options: { ...options, token: await agedToken(stack, options.token) },
  })),
  "session-ended": afterSql("update sessions set ended_at = now() where user_id = $1"),
  "account-banned": afterSql("update users set banned_at = now() where id = $1"),
  forbidden: afterSql("update users set role = 'user' where id = $1"),
  "cross-site-request": withHeaders({ origin: "https://evil.example" }),
  "not-found": altered((_, op) => ({ path: op.path.replace(/\{\w+\}/, unknownId) })),
  "precondition-failed": withHeaders({ "if-match": '"9"' }),
  "invalid-cursor": withQuery("cursor=AAAA"),
  "invalid-link": withMembers({ token: "AAAA" }),
  "idempotency-key-reused": reusedKey,
  "rate-limited": rateLimited,
  "last-admin": lastAdmin,
  "server-misconfigured": async (op, { stack, unconfigured }) =>
    sendRequest(op, await validRequest(op, stack), {}, unconfigured.client()),
  "database-unavailable": databaseUnavailable,
};

/** Scenarios for one operation, by operation id. They take precedence over shared ones. */
export const ownScenarios: Record<string, Partial<Record<Outcome, Scenario>>> = {
  login: {
    "invalid-credentials": withMembers({ password: "wrong" }),
    internal: afterSql("update users set password_hash = 'no hash' where id = $1"),
  },
  stepUp: { "wrong-password": withMembers({ password: "wrong" }) },
  closeAccount: {
    "last-admin": afterSql("update users set role = case when id = $1 then 'admin' else 'user' end"),
  },
  changePassword: { "wrong-password": withMembers({ currentPassword: "wrong" }) },
  changeEmail: {
    "email-change-frozen": afterSql(
      "update users set email_frozen_until = now() + interval '1 hour' where id = $1",
    ),
  },
  ...taskScenarios,
  createFeed: { "not-found": replayOfEndedFeed },
  getFeed: { "not-found": afterSql("delete from feeds where user_id = $1") },
  readFeed: { "rate-limited": spentByBearer },
  verifyEmail: {
    "password-required": withMembers({ registration: undefined }),
    "invalid-credentials": afterConfirmation({ password: "not the password" }),
    "account-banned": afterConfirmation({}, "update users set banned_at = now() where email = $1"),
  },
  startPasswordReset: {
    "account-closed": afterTarget("update users set closed_at = now() where id = $1"),
  },
  retryEmail: { "email-outdated": afterTarget("update outbox set expires_at = now() where id = $1") },
  dropEmail: { "email-sent": afterTarget("update outbox set sent_at = now() where id = $1") },
  receiveEmailEvent: {
    "invalid-signature": withBody("{}"),
    "malformed-json": withSignedBody("{"),
    "invalid-request": withSignedBody({ type: 1 }),
  },
};
