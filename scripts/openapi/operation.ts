import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ZodObject, ZodType } from "zod";
import { stepUp } from "../../lib/auth/limits.js";
import { bodyTypesOf, type Operation, type ResponseSpec } from "../../lib/contract.js";
import { bodyExamples, responseExamples } from "./examples.js";
import { responseHeaders } from "./headers.js";
import { problemResponses } from "./problem.js";
import { securityOf } from "./security.js";

type Route = Parameters<OpenAPIHono["openAPIRegistry"]["registerPath"]>[0];

const recentProof = `Requires a sign-in or a step-up within the last ${stepUp.maxAgeSeconds / 60} minutes (RFC 9470).`;

/** An operation in the terms of the generator. */
export function describeOperation(op: Operation): Route {
  const { id, method, path, tag, summary, description, params, query, headers } = op;
  return {
    method,
    path,
    tags: [tag],
    operationId: id,
    summary,
    description: op.stepUp ? `${description} ${recentProof}` : description,
    ...(op.stepUp && { "x-step-up": { maxAgeSeconds: stepUp.maxAgeSeconds } }),
    security: securityOf(op),
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(headers && { headers }),
      ...(op.body && { body: describeBody(op, op.body) }),
    },
    responses: withPlatformErrors({
      ...mapValues(op.responses, describeResponse),
      ...problemResponses(op),
    }),
  };
}

export const bodyComponent = (op: Operation): string =>
  `${op.id.charAt(0).toUpperCase()}${op.id.slice(1)}Request`;

function describeBody(op: Operation, body: ZodObject) {
  const content = { schema: body.meta({ id: bodyComponent(op) }), examples: bodyExamples(op, body) };
  return { required: true, content: Object.fromEntries(bodyTypesOf(op).map((type) => [type, content])) };
}

const describeResponse = ({ description, body, headers, mediaType, otherBodies }: ResponseSpec) => ({
  description,
  headers: responseHeaders(headers),
  ...(body && {
    content: Object.fromEntries(
      [[mediaType ?? "application/json", body] as const, ...Object.entries(otherBodies ?? {})].map(
        ([type, schema]) => [essenceOf(type), describeResponseBody(schema, description)],
      ),
    ),
  }),
});

/** The type without its parameters. */
const essenceOf = (mediaType: string): string => mediaType.replace(/;.*$/, "");

const describeResponseBody = (schema: ZodType, description: string) => ({
  schema,
  examples: responseExamples(schema, description),
});

const platformError = {
  description:
    "Rejected by Vercel before the request reached the function, such as 414 for an overlong URL. Not a problem document.",
};

/**
 * Operations that only redirect, and those that accept everything, can still fail at the platform. Linters require a
 * 2XX (or default) and a 4XX response of each operation.
 */
function withPlatformErrors<R extends object>(responses: R) {
  const hasStatus = (range: string) => Object.keys(responses).some((status) => status.startsWith(range));
  return {
    ...responses,
    ...(hasStatus("4") ? {} : { "4XX": platformError }),
    ...(hasStatus("2") ? {} : { default: platformError }),
  };
}

const mapValues = <V, R>(object: Record<number, V>, map: (value: V) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
