import type { Auth, Operation } from "../../../lib/contract.js";
import { routes } from "../../../lib/routes.js";
import type { ApiResponse, Client, RequestOptions } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import { exampleBody, queryParameters } from "./openapi-requests.js";
import { seededResources, specialRequests, type ValidRequest } from "./special-requests.js";

type Caller = Omit<ValidRequest, "path">;

export const methodOf = (op: Operation): string => op.method.toUpperCase();

/** The status with which a valid request succeeds: the first one in the contract. */
export const successStatusOf = (op: Operation): number => Number(Object.keys(op.responses)[0]);

const callers: Record<Auth, (stack: Stack) => Promise<Caller>> = {
  none: async (stack) => ({ client: stack.client(), options: {} }),
  "session-cookie": async (stack) => {
    const person = await seedUser(stack);
    return { client: person.client, options: {}, person };
  },
  "access-token": async (stack) => {
    const person = await seedUser(stack);
    return { client: person.client, options: { token: person.token }, person };
  },
  admin: async (stack) => {
    const person = await seedUser(stack, { role: "admin" });
    return { client: person.client, options: { token: person.token }, person };
  },
  "cron-secret": async (stack) => ({
    client: stack.client(),
    options: { token: String(stack.env["CRON_SECRET"]) },
  }),
  // The signature covers the body, so special-requests.ts makes it.
  "webhook-signature": async (stack) => ({ client: stack.client(), options: {} }),
};

/** The part of a path that names one resource, such as `/api/tasks/{id}`. */
const resourceOf = (op: Operation): string | undefined => /^.*?\{\w+\}/.exec(op.path)?.[0];

/** The operation that creates this resource: POST to its collection with a 201. */
const creatorOf = (resource: string): Operation | undefined =>
  routes.find(
    (op) => op.method === "post" && op.responses[201] && op.path === resource.replace(/\/\{\w+\}$/, ""),
  );

async function createResource(resource: string, { client, options }: Caller, stack: Stack): Promise<string> {
  const seed = seededResources[resource];
  if (seed) return resource.replace(/\{\w+\}/, await seed(stack));
  const creator = creatorOf(resource);
  if (!creator) throw new Error(missingEntry(resource));
  const { status, headers, text } = await client.post(creator.path, exampleBody(creator), options);
  if (status !== 201) throw new Error(`POST ${creator.path} returned ${status}: ${text}`);
  return String(headers.get("location"));
}

/** Inserts the rows that the operation needs and builds a request with which it succeeds. Does not send it. */
export async function validRequest(op: Operation, stack: Stack): Promise<ValidRequest> {
  const special = specialRequests[op.id];
  if (special) return special(op, stack);
  const caller = await callers[op.auth](stack);
  const resource = resourceOf(op);
  const path = resource ? op.path.replace(resource, await createResource(resource, caller, stack)) : op.path;
  return { ...caller, path, options: { ...caller.options, json: exampleBody(op) } };
}

/** Sends the request with `changes` to its options. `to` replaces the client, to reach another stack. */
export const sendRequest = (
  op: Operation,
  { client, path, options }: ValidRequest,
  changes: RequestOptions = {},
  to: Client = client,
): Promise<ApiResponse> => to.send(methodOf(op), path, { ...options, ...changes });

const missingEntry = (what: string) =>
  `No valid request for ${what}. Add one to test/api/structure/special-requests.ts.`;

/** The message for an operation that needs a handwritten request; undefined when `validRequest` can build one. */
export function missingRequest(op: Operation): string | undefined {
  if (specialRequests[op.id]) return undefined;
  const resource = resourceOf(op);
  const hasResource = !resource || resource in seededResources || creatorOf(resource);
  const needsQuery = queryParameters(op).some(({ required }) => required);
  const hasBody = !op.body || exampleBody(op);
  return hasResource && hasBody && !needsQuery ? undefined : missingEntry(`${methodOf(op)} ${op.path}`);
}

/** The operations to which tests can send a valid request. completeness.test.ts reports the others. */
export const testableRoutes: readonly Operation[] = routes.filter((op) => !missingRequest(op));
