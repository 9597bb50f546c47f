import fc from "fast-check";
import type { Case } from "./case.js";
import type { Api, Operation, Parameter, Shape } from "./document.js";
import { validText, validValue } from "./values.js";

/** Draws requests that are as the document asks, and so must be accepted. */
export function validCase(op: Operation, api: Api): fc.Arbitrary<Case> {
  const of = (place: Parameter["in"]) => op.parameters.filter((parameter) => parameter.in === place);
  const values = (place: Parameter["in"]) => someOf(of(place), api);
  const types = op.body?.mediaTypes.flatMap((type) => [type, `${type}; charset=utf-8`, type.toUpperCase()]);
  return fc
    .record({
      path: values("path"),
      isKnown: oneIn(20).map((isRare) => !isRare),
      query: values("query"),
      headers: values("header"),
      value: op.body ? validValue(op.body.schema, api.resolve) : fc.constant(undefined),
      type: types ? fc.constantFrom(...types) : fc.constant(undefined),
      pick: fc.nat(1_000),
      isSupplied: oneIn(5),
      asksHead: fc.boolean(),
    })
    .map(({ query, headers, value, type, ...others }): Case => {
      if (op.body) expectValid(value, op.body, "body");
      return {
        ...others,
        intent: "valid",
        what: "valid",
        identity: "own",
        query: Object.entries(query),
        headers: { ...headers, ...(type === undefined ? {} : { "content-type": type }) },
        body: op.body ? JSON.stringify(value) : undefined,
      };
    });
}

const oneIn = (n: number): fc.Arbitrary<boolean> => fc.nat(n - 1).map((drawn) => drawn === n - 1);

/** Optional parameters are mostly left out: a cursor that is drawn is never one that was given out. */
function someOf(parameters: Parameter[], api: Api): fc.Arbitrary<Record<string, string>> {
  const pairs = parameters.map((parameter) => {
    const pair = textOf(parameter, api).map((text): [string, string][] => {
      expectValid(text, parameter, parameter.name);
      return [[parameter.name, text]];
    });
    const absent = fc.constant<[string, string][]>([]);
    return parameter.required
      ? pair
      : fc.oneof({ weight: 3, arbitrary: absent }, { weight: 1, arbitrary: pair });
  });
  return fc.tuple(...pairs).map((drawn) => Object.fromEntries(drawn.flat()));
}

function textOf(parameter: Parameter, api: Api): fc.Arbitrary<string> {
  const value = validText(api.resolve(parameter.schema), api.resolve, parameter.name);
  return parameter.in === "header" ? value.map(inHeader) : value;
}

/** A header carries ASCII for certain, and loses blanks at its ends. */
export const inHeader = (value: string): string => value.replace(/[^\x21-\x7e]/gu, "x");

function expectValid(value: unknown, { validate }: Pick<Shape, "validate">, name: string): void {
  if (!validate(value)) throw new Error(`the fuzz has drawn an invalid ${name}: ${JSON.stringify(value)}`);
}
