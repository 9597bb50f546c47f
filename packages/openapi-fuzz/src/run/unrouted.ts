import fc from "fast-check";
import { fillTemplate, type Operation } from "../document/operation.js";
import { describeErrors } from "../document/validators.js";
import type { Flaw } from "../response/checks.js";
import { excerpt } from "../response/conformance.js";
import { essenceOf, parseJson } from "../response/media-type.js";
import { anyText } from "../schema/text.js";
import type { Connection, HttpResponse } from "./connection.js";
import { customFlaws, type Finding, firstFlaw, type Run } from "./run.js";

/** A request that does not belong to any operation. */
export type UnroutedRequest = {
  method: string;
  path: string;
  /** Methods that `Allow` must name. `undefined`: the path itself is unknown. */
  allowed: string[] | undefined;
};

/** Without TRACE and CONNECT, which platforms handle before a service receives them. */
const methods = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "PROPFIND",
  "SEARCH",
  "PURGE",
  "LINK",
  "M-SEARCH",
];

const oddSegments = [
  "x",
  "index",
  "__proto__",
  "constructor",
  "%00",
  "%2e%2e%2f",
  "%F0%9F%99%82",
  "x".repeat(1_500),
  "a.ts",
  "undelete",
];

/** Undocumented methods at documented paths, and unknown paths below them. */
export function unroutedRequests(operations: Operation[]): fc.Arbitrary<UnroutedRequest> {
  const paths = [...new Set(operations.map(({ path }) => path))];
  const fill = (template: string, id: string) => fillTemplate(template, () => id);
  const byMethod = fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...methods), fc.uuid())
    .map(([path, method, id]) => ({ method, path: fill(path, id), allowed: allowedAt(operations, path) }))
    .filter(({ method, allowed }) => !allowed.includes(method));
  // Another service may live next to a lone path, such as one in /.well-known.
  const rootOf = (path: string) => path.split("/")[1];
  const shared = paths.filter((path) => paths.filter((one) => rootOf(one) === rootOf(path)).length > 1);
  if (shared.length === 0) return byMethod;
  const segment = fc.oneof(
    fc.constantFrom(...oddSegments),
    anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const byPath = fc
    .tuple(fc.constantFrom(...shared), segment, fc.constantFrom(...methods.slice(0, 6)), fc.uuid())
    .map(([path, last, method, id]) => ({ method, path: `${fill(path, id)}/x/${last}`, allowed: undefined }))
    .filter(({ path }) => !/\/\.{1,2}$/.test(path));
  return fc.oneof({ weight: 2, arbitrary: byMethod }, { weight: 1, arbitrary: byPath });
}

function allowedAt(operations: Operation[], path: string): string[] {
  const own = operations.filter((op) => op.path === path).map(({ method }) => method);
  return own.includes("GET") ? [...own, "HEAD"] : own;
}

export async function attemptUnrouted(
  run: Run,
  connection: Connection,
  { method, path, allowed }: UnroutedRequest,
): Promise<Finding | undefined> {
  const request = { method, path, headers: {} };
  const response = await connection.send(request);
  run.tally.countOther();
  const flaw = firstFlaw(run, [
    ...statusFlaws(response, allowed),
    ...(method === "HEAD" ? [] : [...errorFlaws(run, response), ...customFlaws(run, response)]),
    ...(allowed ? allowFlaws(response, allowed) : []),
  ]);
  return flaw && { ...flaw, request };
}

function statusFlaws({ status, text }: HttpResponse, allowed: string[] | undefined): Flaw[] {
  if (status === (allowed ? 405 : 404)) return [];
  return [
    { check: allowed ? "method-not-refused" : "unknown-path-found", why: `${status}: ${excerpt(text)}` },
  ];
}

function allowFlaws({ headers }: HttpResponse, allowed: string[]): Flaw[] {
  const named = (headers.get("allow") ?? "")
    .split(/\s*,\s*/)
    .filter((method) => method !== "" && method !== "OPTIONS");
  if (named.toSorted().join() === allowed.toSorted().join()) return [];
  const listed = named.join(", ") || "no method";
  return [{ check: "wrong-allow", why: `Allow lists ${listed} instead of ${allowed.join(", ")}` }];
}

/** Whether the response is the error of the option `unroutedError`. */
function errorFlaws({ options, unroutedSchema }: Run, { status, headers, text }: HttpResponse): Flaw[] {
  if (!options.unroutedError || !unroutedSchema) return [];
  const wanted = options.unroutedError.mediaType;
  const type = essenceOf(headers.get("content-type") ?? "");
  if (type !== essenceOf(wanted)) {
    return [{ check: "content-type", why: `${status} as ${type || "no type"}, not ${wanted}` }];
  }
  if (unroutedSchema(parseJson(text))) return [];
  return [{ check: "invalid-body", why: `${status}: ${describeErrors(unroutedSchema)}` }];
}
