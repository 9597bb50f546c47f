import fc from "fast-check";
import type { Case } from "./case.js";
import type { Api, Operation, Parameter, Schema, Shape } from "./document.js";
import { oddText } from "./text.js";
import type { Change } from "./transport.js";
import { inHeader } from "./valid-case.js";
import { type Violation, violations } from "./values.js";

/** One keyword of the body's schema or of a parameter's is broken. */
export function badValues(op: Operation, api: Api): Change[] {
  const inBody = op.body ? broken(op.body, api, "body", false) : [];
  return [
    ...inBody.map(({ what, value }) => ({
      what,
      change: value.map((bad) => (request: Case) => ({ ...request, body: JSON.stringify(bad) })),
    })),
    ...op.parameters.flatMap((parameter) =>
      broken(parameter, api, parameter.name, true).flatMap(({ what, value }) =>
        badParameter(parameter, what, value.map(String)),
      ),
    ),
    ...op.parameters.flatMap(missingOrTwice),
  ];
}

function broken(shape: Shape, api: Api, name: string, asText: boolean): Violation[] {
  return violations(shape.schema, api.resolve, { asText }).map(({ what, value }) => ({
    what: `${name} ${what}`,
    value: value.map((bad) => {
      if (!shape.validate(bad)) return bad;
      throw new Error(`the fuzz has drawn a valid ${name} for a bad ${what}: ${JSON.stringify(bad)}`);
    }),
  }));
}

function badParameter({ name, in: place }: Parameter, what: string, value: fc.Arbitrary<string>): Change[] {
  if (place === "path") {
    return [
      {
        what,
        change: value.map((bad) => (request) => ({ ...request, isKnown: false, path: { [name]: bad } })),
      },
    ];
  }
  if (place === "query") return [{ what, change: value.map((bad) => setQuery(name, bad)) }];
  const sendable = what.endsWith("pattern")
    ? value.filter((bad) => /^[\x20-\xff]*$/.test(bad))
    : value.map(inHeader);
  return [
    {
      what,
      change: sendable.map((bad) => (request) => ({
        ...request,
        headers: { ...request.headers, [name]: bad },
      })),
    },
  ];
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

/** A parameter that is no list has one value; two can be read as either. */
function missingOrTwice({ name, in: place, required }: Parameter): Change[] {
  if (place !== "query") return [];
  const twice = { what: `${name} twice`, change: fc.constant(setQuery(name, "1", "2")) };
  return required ? [twice, { what: `${name} required`, change: fc.constant(setQuery(name)) }] : [twice];
}

/** Odd text in one member or parameter that may hold any text. */
export function oddValues(op: Operation, api: Api): Change[] {
  const free = (named: [string, Schema][]) =>
    named
      .map(([name, schema]) => [name, api.resolve(schema)] as const)
      .filter(([, schema]) => isFree(schema));
  const members = free(Object.entries(op.body ? (api.resolve(op.body.schema).properties ?? {}) : {}));
  const inBody = members.map(([name, { minLength = 0, maxLength = 500 }]) => ({
    what: `odd text in /${name}`,
    change: oddText(minLength, Math.min(maxLength, 500)).map((text) => (request: Case) => {
      const value: unknown = JSON.parse(String(request.body));
      return { ...request, body: JSON.stringify({ ...Object(value), [name]: text }) };
    }),
  }));
  const queries = op.parameters.filter((parameter) => parameter.in === "query");
  const inQuery = free(queries.map(({ name, schema }) => [name, schema])).map(([name]) => ({
    what: `odd text in ${name}`,
    change: oddText(1, 200).map((text) => setQuery(name, text)),
  }));
  return [...inBody, ...inQuery];
}

const isFree = ({ type, format, pattern, enum: listed }: Schema) =>
  [type].flat().includes("string") && !format && !pattern && !listed;
