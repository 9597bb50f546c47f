import fc from "fast-check";
import type { Operation, Parameter, Shape } from "../document/operation.js";
import { unusualText } from "../schema/text.js";
import { inside } from "../schema/valid-value.js";
import { type Place, type SchemaContext, variantsOf } from "../schema/variants.js";
import { violationsOf } from "../schema/violations.js";
import type { Case, Change } from "./case.js";
import { invalidOnly } from "./invalid-only.js";
import { textsOf, valuesFrom } from "./parameter-text.js";

/** Each change breaks one keyword of the schema of the body or of a parameter. */
export function invalidValues(op: Operation, context: SchemaContext): Change[] {
  return [
    ...(op.body ? invalidBodies(op.body, context) : []),
    ...op.parameters.flatMap((parameter) => invalidTexts(parameter, context)),
    ...op.parameters.flatMap(missingOrRepeated),
  ];
}

function invalidBodies(body: Shape, context: SchemaContext): Change[] {
  const isInvalid = (value: unknown) => !body.validate(value);
  return invalidOnly(violationsOf(body.place, context), isInvalid, body.place, context).map(
    ({ keyword, value }) => ({
      name: `body ${keyword}`,
      apply: value.map((bad) => (request: Case) => ({ ...request, body: JSON.stringify(bad) })),
    }),
  );
}

function invalidTexts(parameter: Parameter, context: SchemaContext): Change[] {
  const isText = allowsText(parameter.place, context);
  const isInvalid = (texts: string[]) =>
    texts.length > 0 &&
    !(parameter.in === "path" && /^\.{0,2}$/.test(String(texts))) &&
    // Services may treat an empty number as absent.
    (isText || String(texts) !== "") &&
    valuesFrom(texts).every((value) => !parameter.validate(value));
  const violations = violationsOf(parameter.place, context)
    // As text, every value has the type `string`.
    .filter(({ keyword }) => keyword !== "type" || !isText)
    .map(({ keyword, value }) => ({ keyword, value: value.map((bad) => textsOf(parameter, bad)) }));
  return invalidOnly(violations, isInvalid, parameter.place, context).map(({ keyword, value }) => ({
    name: `${parameter.name} ${keyword}`,
    apply: value.map((texts) => withParameter(parameter, texts)),
  }));
}

const allowsText = (place: Place, context: SchemaContext): boolean =>
  variantsOf(place, context).some(({ kind }) => kind === "string" || kind === "any");

function withParameter({ name, in: place }: Parameter, texts: string[]): (request: Case) => Case {
  const [first = ""] = texts;
  if (place === "query") return setQuery(name, ...texts);
  if (place === "header") {
    return (request) => ({ ...request, headers: { ...request.headers, [name]: first } });
  }
  return (request) => ({
    ...request,
    usesKnownResource: false,
    path: { ...request.path, [name]: first },
  });
}

const setQuery =
  (name: string, ...values: string[]) =>
  (request: Case): Case => ({
    ...request,
    query: [
      ...request.query.filter(([other]) => other !== name),
      ...values.map((value): [string, string] => [name, value]),
    ],
  });

/** Services disagree about which of two values counts, so a parameter that is not a list must refuse two. */
function missingOrRepeated(parameter: Parameter): Change[] {
  const { name, in: place, required, validate } = parameter;
  if (place !== "query") return [];
  const changes: Change[] = [];
  if (!validate(["1", "2"]) && !validate([1, 2])) {
    changes.push({ name: `${name} repeated`, apply: fc.constant(setQuery(name, "1", "2")) });
  }
  if (required) changes.push({ name: `${name} required`, apply: fc.constant(setQuery(name)) });
  return changes;
}

/** Unusual text in one member or query parameter that accepts any text. */
export function unusualValues(op: Operation, context: SchemaContext): Change[] {
  const members = op.body ? textMembers(op.body.place, context) : [];
  const inBody = members.map(({ name, min, max }) => ({
    name: `unusual text in /${name}`,
    apply: unusualText(min, Math.min(max, 500)).map((text) => (request: Case) => {
      const value: unknown = JSON.parse(String(request.body));
      return { ...request, body: JSON.stringify({ ...Object(value), [name]: text }) };
    }),
  }));
  const inQuery = op.parameters
    .filter(({ in: place }) => place === "query")
    .filter(({ place }) => freeText(place, context))
    .map(({ name }) => ({
      name: `unusual text in ${name}`,
      apply: unusualText(1, 200).map((text) => setQuery(name, text)),
    }));
  return [...inBody, ...inQuery];
}

type TextMember = { name: string; min: number; max: number };

const textMembers = (body: Place, context: SchemaContext): TextMember[] =>
  variantsOf(body, context).flatMap((variant) =>
    Object.entries(variant.schema.properties ?? {}).flatMap(([name, schema]) => {
      const limits = freeText(inside(variant, schema, "properties", name), context);
      return limits ? [{ name, ...limits }] : [];
    }),
  );

/** The limits of a text without pattern and format. */
function freeText(place: Place, context: SchemaContext): { min: number; max: number } | undefined {
  const free = variantsOf(place, context).find(
    ({ kind, schema }) => kind === "string" && schema.pattern === undefined && schema.format === undefined,
  );
  return free && { min: free.schema.minLength ?? 0, max: free.schema.maxLength ?? 500 };
}
