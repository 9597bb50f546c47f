import fc from "fast-check";
import { codesOf } from "../document/error-codes.js";
import { type Api, type Operation, requiresAuthentication, rolesOf } from "../document/operation.js";
import type { ErrorCodes } from "../options.js";
import type { SchemaContext } from "../schema/variants.js";
import { createWarnings, type Warnings } from "../warnings.js";
import type { Case, Change, Identity, Intent } from "./case.js";
import { invalidTransports, unusualTransports } from "./changed-transport.js";
import { invalidValues, unusualValues } from "./changed-values.js";
import { validCase } from "./valid-case.js";

type Choice = { weight: number; arbitrary: fc.Arbitrary<Case> };

const badIdentities: Identity[] = ["absent", "empty", "other scheme", "forged", "truncated", "unsigned"];
const crossSiteHeaders = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };

/** Requests to an operation: valid ones, and others that each differ from a valid request in one way. */
export function casesOf(
  op: Operation,
  api: Api,
  errorCodes: ErrorCodes | undefined,
  warnings: Warnings,
): { first: fc.Arbitrary<Case>; all: fc.Arbitrary<Case> } {
  const found = createWarnings();
  const context: SchemaContext = { at: api.at, warn: found.add };
  const plain = validCase(op, context);
  // Values that ignore a keyword or a format may be invalid after all.
  const isUncertain = found.list().length > 0;
  const whole = plain.map((request): Case => ({ ...request, intent: isUncertain ? "uncertain" : "valid" }));
  const cookieNames = Object.values(api.securitySchemes).flatMap((scheme) =>
    scheme.in === "cookie" && scheme.name ? [scheme.name] : [],
  );
  const choices: Choice[] = [
    { weight: 40, arbitrary: whole },
    ...changed(35, whole, "invalid", [...invalidValues(op, context), ...invalidTransports(op)]),
    ...changed(15, whole, "unusual", [...unusualValues(op, context), ...unusualTransports(op, cookieNames)]),
    ...identityChoices(op, whole, isUncertain),
  ];
  if (errorCodes?.crossSite && codesOf(op, 403, errorCodes.member, api).includes(errorCodes.crossSite)) {
    choices.push({ weight: 4, arbitrary: whole.map(fromAnotherSite) });
  }
  for (const { pointer, message } of found.list()) warnings.add(pointer, message);
  // Even a short run sends one request that the service is expected to accept.
  const first = whole.map((request) => ({
    ...withoutOptional(op, request),
    usesKnownBody: true,
    usesKnownResource: true,
  }));
  return { first, all: fc.oneof(...choices) };
}

function changed(weight: number, whole: fc.Arbitrary<Case>, intent: Intent, changes: Change[]): Choice[] {
  if (changes.length === 0) return [];
  const one = fc.oneof(...changes.map(({ name, apply }) => apply.map((change) => ({ name, change }))));
  const arbitrary = fc.tuple(whole, one).map(
    ([request, { name, change }]): Case => ({
      ...change(request),
      intent,
      change: name,
      usesKnownBody: false,
    }),
  );
  return [{ weight, arbitrary }];
}

/** A service may refuse a body before it looks for the role, so only a body that is known to be valid tests the role. */
function identityChoices(op: Operation, whole: fc.Arbitrary<Case>, isUncertain: boolean): Choice[] {
  const plain = whole.map((request) => withoutOptionalQuery(op, request));
  const withIdentity = (intent: Intent, identities: Identity[]) =>
    fc.tuple(plain, fc.constantFrom(...identities)).map(
      ([request, identity]): Case => ({
        ...request,
        intent,
        identity,
        change: `credentials ${identity}`,
        usesKnownBody: isUncertain,
      }),
    );
  return [
    ...(requiresAuthentication(op)
      ? [{ weight: 8, arbitrary: withIdentity("unauthenticated", badIdentities) }]
      : []),
    ...(rolesOf(op).length > 0
      ? [{ weight: 4, arbitrary: withIdentity("forbidden", ["without the role"]) }]
      : []),
  ];
}

/** Drops optional headers: a generated If-Match, for example, is a condition that fails. */
function withoutOptional(op: Operation, request: Case): Case {
  const optional = op.parameters.filter((one) => one.in === "header" && !one.required);
  const headers = Object.entries(request.headers).filter(([name]) =>
    optional.every((one) => one.name.toLowerCase() !== name.toLowerCase()),
  );
  return { ...withoutOptionalQuery(op, request), headers: Object.fromEntries(headers) };
}

/** A service may refuse a generated cursor before it authenticates the caller. */
function withoutOptionalQuery(op: Operation, request: Case): Case {
  const isRequired = ([name]: [string, string]) =>
    op.parameters.some((one) => one.name === name && one.required);
  return { ...request, query: request.query.filter(isRequired) };
}

const fromAnotherSite = (request: Case): Case => ({
  ...request,
  headers: { ...request.headers, ...crossSiteHeaders },
  intent: "cross-site",
  change: "another origin",
});
