import { isJson } from "../response/media-type.js";
import type { OperationObject, ParameterObject, RequestBodyObject, ResponseObject } from "./openapi.js";
import {
  type DocumentedResponse,
  type Operation,
  type Parameter,
  parameterPlaces,
  type RequestBody,
  type Shape,
} from "./operation.js";
import { childPointer, type Pointer } from "./pointer.js";
import type { Source } from "./read-document.js";

type Stated = {
  path: string;
  method: string;
  stated: OperationObject;
  pointer: Pointer;
  /** Parameters of all operations of the path. */
  shared: ParameterObject[];
  sharedPointer: Pointer;
};

/** `undefined`: the operation cannot be tested, and a warning says why. */
export function readOperation(source: Source, given: Stated): Operation | undefined {
  const { path, method, stated, pointer } = given;
  const parameters = readParameters(source, given);
  const body =
    stated.requestBody && readBody(source, stated.requestBody, childPointer(pointer, "requestBody"));
  if (!parameters || body === "unsupported") return undefined;
  const responses = Object.entries(stated.responses ?? {}).map(([status, response]) => [
    status,
    readResponse(source, response, childPointer(pointer, "responses", status)),
  ]);
  return {
    id: stated.operationId ?? `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    pointer,
    parameters,
    body,
    responses: Object.fromEntries(responses),
    security: stated.security ?? source.document.security ?? [],
  };
}

function readParameters(source: Source, { stated, shared, pointer, sharedPointer }: Stated) {
  const read = new Map<string, Parameter>();
  const listed = [
    ...shared.map((one, i) => source.follow(one, childPointer(sharedPointer, i))),
    ...(stated.parameters ?? []).map((one, i) => source.follow(one, childPointer(pointer, "parameters", i))),
  ];
  for (const { value, pointer: at } of listed) {
    const parameter = readParameter(source, value, at);
    // An operation's own parameter replaces a shared one of the same name.
    if (parameter) read.set(`${parameter.in} ${parameter.name}`, parameter);
    else if (value.required) return undefined;
  }
  return [...read.values()];
}

function readParameter(source: Source, stated: ParameterObject, pointer: Pointer): Parameter | undefined {
  const { name = "", schema, required = false } = stated;
  const place = parameterPlaces.find((one) => one === stated.in);
  if (!place || schema === undefined || !hasUsualStyle(stated)) {
    const outcome = required ? "the operation is not tested" : "the parameter is left out";
    source.warn(pointer, `${unsupportedPart(stated)} are not supported: ${outcome}`);
    return undefined;
  }
  const shape = shapeAt(source, childPointer(pointer, "schema"), schema);
  return { ...shape, name, in: place, required, explode: stated.explode ?? place === "query" };
}

const hasUsualStyle = ({ in: place, style }: ParameterObject): boolean =>
  style === undefined || style === (place === "query" ? "form" : "simple");

function unsupportedPart(stated: ParameterObject): string {
  if (!parameterPlaces.some((one) => one === stated.in)) return `parameters in ${stated.in}`;
  return stated.schema === undefined
    ? "parameters without a schema"
    : `parameters with the style ${stated.style}`;
}

function readBody(
  source: Source,
  stated: RequestBodyObject,
  home: Pointer,
): RequestBody | "unsupported" | undefined {
  const { value, pointer } = source.follow(stated, home);
  const types = Object.entries(value.content ?? {});
  const [first, ...others] = types.filter(([type]) => isJson(type));
  if (!first) {
    if (types.length === 0) return undefined;
    source.warn(pointer, `only JSON bodies are generated, not ${types[0]?.[0]}: the operation is not tested`);
    return "unsupported";
  }
  const [type, { schema }] = first;
  if (schema === undefined) {
    source.warn(pointer, `the ${type} body has no schema: the operation is not tested`);
    return "unsupported";
  }
  const same = others.filter(([, other]) => JSON.stringify(other.schema) === JSON.stringify(schema));
  if (same.length < others.length) {
    source.warn(pointer, `media types have different schemas: only that of ${type} is tested`);
  }
  return {
    ...shapeAt(source, childPointer(pointer, "content", type, "schema"), schema),
    required: value.required === true,
    mediaTypes: [type, ...same.map(([name]) => name)],
  };
}

function shapeAt({ validators }: Source, pointer: Pointer, schema: Shape["place"]["schema"]): Shape {
  return { place: { schema, pointer, visited: [] }, validate: validators.forRequests(pointer) };
}

function readResponse(source: Source, stated: ResponseObject, home: Pointer): DocumentedResponse {
  const { value, pointer } = source.follow(stated, home);
  const { forResponses } = source.validators;
  const headers = Object.entries(value.headers ?? {}).map(([name, header]) => {
    const { value: found, pointer: at } = source.follow(header, childPointer(pointer, "headers", name));
    const validate = found.schema === undefined ? undefined : forResponses(childPointer(at, "schema"));
    return [name, { required: found.required === true, validate }] as const;
  });
  const content = Object.entries(value.content ?? {}).map(([type, { schema }]) => {
    if (schema === undefined) return [type, undefined] as const;
    const at = childPointer(pointer, "content", type, "schema");
    return [type, { place: { schema, pointer: at, visited: [] }, validate: forResponses(at) }] as const;
  });
  return { headers: Object.fromEntries(headers), content: Object.fromEntries(content) };
}
