import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ZodObject, ZodType } from "zod";
import { type Answer, bodyTypesOf, type Operation } from "../../lib/contract.js";
import { classic, classicObject } from "./classic.js";
import { answerExamples, bodyExamples } from "./examples.js";
import { answerHeaders } from "./headers.js";
import { problemAnswers } from "./problem.js";
import { securityOf } from "./security.js";

type Route = Parameters<OpenAPIHono["openAPIRegistry"]["registerPath"]>[0];

/** An operation in the terms of the generator. */
export function describeOperation(op: Operation): Route {
  const { id, method, path, tag, summary, description } = op;
  const { params, query, headers } = op;
  const request = {
    ...(params && { params: classicObject(params) }),
    ...(query && { query: classicObject(query) }),
    ...(headers && { headers: classicObject(headers) }),
  };
  return {
    method,
    path,
    tags: [tag],
    operationId: id,
    summary,
    ...(description && { description }),
    security: securityOf(op),
    request: { ...request, ...(op.body && { body: describeBody(op, classicObject(op.body)) }) },
    responses: { ...mapValues(op.responses, describeAnswer), ...problemAnswers(op) },
  };
}

export const bodyComponent = (op: Operation): string =>
  `${op.id.charAt(0).toUpperCase()}${op.id.slice(1)}Request`;

function describeBody(op: Operation, body: ZodObject) {
  const content = { schema: body.meta({ id: bodyComponent(op) }), examples: bodyExamples(op, body) };
  return { required: true, content: Object.fromEntries(bodyTypesOf(op).map((type) => [type, content])) };
}

const describeAnswer = ({ description, body, headers }: Answer) => ({
  description,
  headers: answerHeaders(headers),
  ...(body && { content: { "application/json": describeAnswerBody(classic(body), description) } }),
});

const describeAnswerBody = (schema: ZodType, description: string) => ({
  schema,
  examples: answerExamples(schema, description),
});

const mapValues = <V, R>(object: Record<number, V>, map: (value: V) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
