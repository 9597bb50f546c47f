import type { Operation } from "../../../lib/contract.js";
import type { ProblemCode } from "../../../lib/problem.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedRegistration } from "../../stack/seed.js";
import { signedEvent } from "../../stack/signed-event.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import type { ValidRequest } from "./special-requests.js";
import { sendRequest, validRequest } from "./valid-requests.js";

/** A documented result of an operation: a success status or a problem code. */
export type Outcome = `${number}` | ProblemCode;
/** `unconfigured` runs without any environment variable. */
export type Stacks = { stack: Stack; unconfigured: Stack };
export type Scenario = (op: Operation, stacks: Stacks) => Promise<ApiResponse>;

type Alter = (
  request: ValidRequest,
  op: Operation,
  stack: Stack,
) => Partial<ValidRequest> | Promise<Partial<ValidRequest>>;

/** Sends a valid request after `alter` has changed the request, or the rows that it depends on. */
export const altered =
  (alter: Alter): Scenario =>
  async (op, { stack }) => {
    const request = await validRequest(op, stack);
    return sendRequest(op, { ...request, ...(await alter(request, op, stack)) });
  };

export const withHeaders = (headers: Record<string, string>) =>
  altered(({ options }) => ({ options: { ...options, headers } }));

export const withBody = (body: string, type = "application/json") =>
  altered(({ options }) => ({
    options: { ...options, json: undefined, body, headers: { "content-type": type } },
  }));

export const withMembers = (members: Record<string, unknown>) =>
  altered(({ options }) => ({ options: { ...options, json: { ...(options.json as object), ...members } } }));

export const withQuery = (query: string) =>
  altered(({ path }) => ({ path: `${path}${path.includes("?") ? "&" : "?"}${query}` }));

/** Runs the statement with the caller's id as `$1` before the request. */
export const afterSql = (text: string) =>
  altered(async (request, _, stack) => {
    await stack.sql(text, [personOf(request).id]);
    return {};
  });

/** Runs the statement with the id in the path as `$1` before the request. */
export const afterTarget = (text: string) =>
  altered(async ({ path }, _, stack) => {
    await stack.sql(text, [path.split("/")[4]]);
    return {};
  });

/** Repeats a confirmation with other members, after the statement has run with the address as `$1`. */
export const afterConfirmation =
  (members: Record<string, unknown>, text?: string): Scenario =>
  async (op, { stack }) => {
    const { email, ...proof } = await seedRegistration(stack);
    const json = { token: proof.token, registration: proof.registration };
    await stack.client().post(op.path, json);
    if (text) await stack.sql(text, [email]);
    return stack.client().post(op.path, { ...json, ...members });
  };

export const withSignedBody = (body: unknown) =>
  altered((_request, _op, stack) => ({ options: signedEvent(stack, body) }));

export function personOf({ person }: Pick<ValidRequest, "person">): TestUser {
  if (!person) throw new Error("the request has no user");
  return person;
}
