import fc from "fast-check";
import type { Case, Identity, Intent } from "./case.js";
import { type Api, isClosed, type Operation, rolesOf } from "./document.js";
import { badTransports, type Change, oddTransports } from "./transport.js";
import { validCase } from "./valid-case.js";
import { badValues, oddValues } from "./wrong-values.js";

type Choice = { weight: number; arbitrary: fc.Arbitrary<Case> };

const badIdentities: Identity[] = ["none", "empty", "other scheme", "forged", "truncated", "unsigned"];
const foreign = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };

/** Draws requests to an operation: most as they should be, and each of the others wrong in one way. */
export function drawCase(op: Operation, api: Api): fc.Arbitrary<Case> {
  const whole = validCase(op, api);
  const choices: Choice[] = [
    { weight: 40, arbitrary: whole },
    ...changed(35, whole, "bad", [...badValues(op, api), ...badTransports(op)]),
    ...changed(15, whole, "odd", [...oddValues(op, api), ...oddTransports(op)]),
  ];
  const plain = whole.map((request) => withoutOptions(op, request));
  if (isClosed(op)) choices.push({ weight: 8, arbitrary: as("unauthenticated", badIdentities, plain) });
  if (rolesOf(op).length > 0) {
    choices.push({ weight: 4, arbitrary: as("forbidden", ["without the role"], plain) });
  }
  if (op.answers["403"]?.codes.includes("cross-site-request")) {
    const headers = ({ headers: own }: Case) => ({ ...own, ...foreign });
    const what = "another origin";
    const crossSite = whole.map(
      (one): Case => ({ ...one, headers: headers(one), intent: "cross-site", what }),
    );
    choices.push({ weight: 4, arbitrary: crossSite });
  }
  return fc.oneof(...choices);
}

function changed(weight: number, whole: fc.Arbitrary<Case>, intent: Intent, changes: Change[]): Choice[] {
  if (changes.length === 0) return [];
  const one = fc.oneof(...changes.map(({ what, change }) => change.map((apply) => ({ what, apply }))));
  const arbitrary = fc
    .tuple(whole, one)
    .map(([request, { what, apply }]): Case => ({ ...apply(request), intent, what, isSupplied: false }));
  return [{ weight, arbitrary }];
}

const as = (intent: Intent, identities: Identity[], whole: fc.Arbitrary<Case>) =>
  fc.tuple(whole, fc.constantFrom(...identities)).map(
    ([request, identity]): Case => ({
      ...request,
      intent,
      identity,
      what: `identity ${identity}`,
      isSupplied: false,
    }),
  );

/** A cursor that nobody has given out may be refused before anybody is asked who they are. */
function withoutOptions(op: Operation, request: Case): Case {
  const isNeeded = ([name]: [string, string]) =>
    op.parameters.some((one) => one.name === name && one.required);
  return { ...request, query: request.query.filter(isNeeded) };
}
