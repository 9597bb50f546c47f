import fc from "fast-check";
import type { Operation, Parameter, Shape } from "../document/operation.js";
import { pointerTo } from "../document/pointer.js";
import { describeErrors } from "../document/validators.js";
import { withinAttempts } from "../schema/filter.js";
import { requireValidValue } from "../schema/valid-value.js";
import type { SchemaContext } from "../schema/variants.js";
import type { Case } from "./case.js";
import { headerText, isSendable, textsOf } from "./parameter-text.js";

/** Draws requests that follow the document, so the service must accept them. */
export function validCase(op: Operation, context: SchemaContext): fc.Arbitrary<Omit<Case, "intent">> {
  const parametersIn = (place: Parameter["in"]) =>
    someOf(
      op.parameters.filter((parameter) => parameter.in === place),
      context,
    );
  const types = op.body?.mediaTypes.flatMap((type) => [type, `${type}; charset=utf-8`, type.toUpperCase()]);
  return fc
    .record({
      path: parametersIn("path").map((pairs) => Object.fromEntries(pairs)),
      usesKnownResource: oneIn(20).map((isRare) => !isRare),
      query: parametersIn("query"),
      headers: parametersIn("header").map((pairs) => Object.fromEntries(pairs)),
      value: op.body ? validBodyValue(op.body, context) : fc.constant(undefined),
      type: types ? fc.constantFrom(...types) : fc.constant(undefined),
      choice: fc.nat(1_000),
      usesKnownBody: oneIn(5),
      checksHead: fc.boolean(),
    })
    .map(({ headers, value, type, ...others }) => ({
      ...others,
      change: "a valid request",
      identity: "valid" as const,
      headers: { ...headers, ...(type === undefined ? {} : { "content-type": type }) },
      body: op.body ? JSON.stringify(value) : undefined,
    }));
}

const oneIn = (n: number): fc.Arbitrary<boolean> => fc.nat(n - 1).map((drawn) => drawn === n - 1);

/** Values of a body that the document's own schema accepts. */
export function validBodyValue({ place, validate }: Shape, context: SchemaContext): fc.Arbitrary<unknown> {
  // JSON has no -0 and no `undefined`: validate the value that is sent.
  const values = requireValidValue(place, context).map((value): unknown => JSON.parse(JSON.stringify(value)));
  return withinAttempts(values, validate, () => failureOf({ place, validate }, context));
}

function failureOf({ place, validate }: Shape, context: SchemaContext) {
  const reason = `no generated value was valid; the last one: ${describeErrors(validate)}`;
  const schema = validate.errors?.[0]?.parentSchema;
  const pointer = schema && pointerTo(schema, context.at("#"));
  return pointer === undefined
    ? { reason, pointer: place.pointer, schema: place.schema }
    : { reason, pointer, schema };
}

/** Optional parameters are mostly left out: a generated cursor is never one that the service has issued. */
function someOf(parameters: Parameter[], context: SchemaContext): fc.Arbitrary<[string, string][]> {
  const lists = parameters.map((parameter) => {
    const pairs = validParameter(parameter, context).map((value) =>
      textsOf(parameter, value).map((text): [string, string] => [parameter.name, text]),
    );
    const absent = fc.constant<[string, string][]>([]);
    return parameter.required
      ? pairs
      : fc.oneof({ weight: 3, arbitrary: absent }, { weight: 1, arbitrary: pairs });
  });
  return fc.tuple(...lists).map((drawn) => drawn.flat());
}

function validParameter(parameter: Parameter, context: SchemaContext): fc.Arbitrary<unknown> {
  const { name, place, validate } = parameter;
  const values = requireValidValue(place, context, name).map((value) =>
    parameter.in === "header" && typeof value === "string" ? headerText(value) : value,
  );
  const isFit = (value: unknown) => validate(value) && isSendable(parameter, value);
  return withinAttempts(values, isFit, () => ({
    ...failureOf(parameter, context),
    ...(validate.errors ? {} : { reason: `no generated value can be sent in the parameter ${name}` }),
  }));
}
