import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type {
  AnswerObject,
  Api,
  Content,
  Document,
  DocumentedAnswer,
  Operation,
  OperationObject,
  Parameter,
  Schema,
} from "./document.js";

const methods = ["get", "post", "put", "patch", "delete"];
const places = ["path", "query", "header"] as const;

/** The document with its references, and validators for what is at a place in it. */
type Source = {
  document: Document;
  at(...steps: string[]): ValidateFunction;
  /** What a reference leads to, and where that is; undefined: it is no reference. */
  follow<T extends { $ref?: string }>(value: T): { value: T; steps?: string[] };
  resolve: Api["resolve"];
};

/** @throws Error on what the fuzz could not test */
export function readDocument(document: Document): Api {
  const source = openSource(document);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, stated]) => readOperation(source, path, method, stated)),
  );
  const hasProblem = document.components?.schemas?.["Problem"] !== undefined;
  return {
    operations,
    schemes: document.components?.securitySchemes ?? {},
    resolve: source.resolve,
    problem: hasProblem ? source.at("components", "schemas", "Problem") : undefined,
  };
}

function openSource(document: Document): Source {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, "openapi");
  const step = (part: string) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
  function follow<T extends { $ref?: string }>(value: T): { value: T; steps?: string[] } {
    if (value.$ref === undefined) return { value };
    const steps = value.$ref.replace(/^#\//, "").split("/");
    const target = steps.reduce<unknown>((found, key) => Object(found)[key], document);
    if (!target) throw new Error(`${value.$ref} is nowhere`);
    return { value: target as T, steps };
  }
  function resolve({ $ref, ...beside }: Schema): Schema {
    return $ref === undefined ? beside : { ...resolve(follow<Schema>({ $ref }).value), ...beside };
  }
  const at = (...steps: string[]) => ajv.compile({ $ref: `openapi#/${steps.map(step).join("/")}` });
  return { document, at, follow, resolve };
}

function readOperation(source: Source, path: string, method: string, stated: OperationObject): Operation {
  const home = ["paths", path, method];
  const parameters = (stated.parameters ?? []).map((parameter, i): Parameter => {
    const place = places.find((one) => one === parameter.in);
    if (!place) throw new Error(`the fuzz knows no parameters in ${parameter.in}`);
    const validate = source.at(...home, "parameters", String(i), "schema");
    return { ...parameter, in: place, required: parameter.required === true, validate };
  });
  const answers = Object.entries(stated.responses).map(([status, answer]) => {
    if (!/^\d{3}$/.test(status)) throw new Error(`the fuzz knows no answers like ${status}`);
    return [status, readAnswer(source, answer, [...home, "responses", status])] as const;
  });
  return {
    id: stated.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    parameters,
    body: stated.requestBody && readBody(source, stated.requestBody, [...home, "requestBody"]),
    answers: Object.fromEntries(answers),
    security: stated.security ?? source.document.security ?? [],
  };
}

type BodyObject = NonNullable<OperationObject["requestBody"]>;

function readBody({ at }: Source, { content, required }: BodyObject, home: string[]): Operation["body"] {
  const [first, ...others] = Object.entries(content);
  if (!first) return undefined;
  const [type, { schema }] = first;
  const isOther = ([, other]: [string, Content[string]]) =>
    JSON.stringify(other.schema) !== JSON.stringify(schema);
  if (others.some(isOther)) throw new Error("the fuzz knows one schema for all media types of a body");
  const validate = at(...home, "content", type, "schema");
  return { schema, validate, required: required === true, mediaTypes: Object.keys(content) };
}

function readAnswer(source: Source, stated: AnswerObject, home: string[]): DocumentedAnswer {
  const { value, steps = home } = source.follow(stated);
  const headers = Object.entries(value.headers ?? {}).map(([name, header]) => {
    const found = source.follow(header);
    const validate = source.at(...(found.steps ?? [...steps, "headers", name]), "schema");
    return [name, { required: found.value.required === true, validate }] as const;
  });
  const types = Object.entries(value.content ?? {});
  const content = types.map(([type]) => [type, source.at(...steps, "content", type, "schema")] as const);
  return {
    headers: Object.fromEntries(headers),
    content: Object.fromEntries(content),
    codes: types.flatMap(([, { schema }]) => codesOf(source, schema)),
  };
}

/** The last list is the narrowest: the problem that all share names every code. */
function codesOf({ resolve }: Source, schema: Schema): string[] {
  const parts = [schema, ...(schema.allOf ?? [])].map(resolve);
  const lists = parts
    .map(({ properties }) => properties?.["code"]?.enum)
    .filter((list) => list !== undefined);
  return (lists.at(-1) ?? []).map(String);
}
