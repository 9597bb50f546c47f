import fc from "fast-check";
import type { Caller, Sent } from "./caller.js";
import { type Flaw, generalProblemFlaws } from "./conformance.js";
import type { Run } from "./exchange.js";
import { anyText } from "./text.js";

/** A request that belongs to no operation. */
export type Stray = {
  method: string;
  path: string;
  /** What `Allow` must name; undefined: nobody knows the path. */
  served: string[] | undefined;
};

/** TRACE and CONNECT are left out: platforms answer them before any function does. */
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

/** Draws other methods at known paths, and paths that nobody documents beside those that somebody does. */
export function drawStray({ api }: Run): fc.Arbitrary<Stray> {
  const paths = [...new Set(api.operations.map(({ path }) => path))];
  const byPath = new Map(paths.map((path) => [path, methodsOf(api.operations, path)]));
  const id = fc.uuid();
  const other = fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...methods), id)
    .filter(([path, method]) => !byPath.get(path)?.includes(method))
    .map(([path, method, uuid]) => ({
      method,
      path: path.replace(/\{\w+\}/g, uuid),
      served: byPath.get(path),
    }));
  // Beside a path that stands alone, such as one in /.well-known, somebody else may live.
  const roots = paths.filter(
    (path) => paths.filter((one) => one.split("/")[1] === path.split("/")[1]).length > 1,
  );
  if (roots.length === 0) return other;
  const segment = fc.oneof(
    fc.constantFrom(
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
    ),
    anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const unknown = fc
    .tuple(
      fc.constantFrom(...roots),
      segment,
      fc.constantFrom("GET", "HEAD", "POST", "PATCH", "DELETE", "PUT"),
      id,
    )
    .map(([path, more, method, uuid]) => ({
      method,
      path: `${path.replace(/\{\w+\}/g, uuid)}/x/${more}`,
      served: undefined,
    }))
    .filter(({ path }) => !/\/\.{1,2}$/.test(path));
  return fc.oneof({ weight: 2, arbitrary: other }, { weight: 1, arbitrary: unknown });
}

function methodsOf(operations: { path: string; method: string }[], path: string): string[] {
  const own = operations.filter((op) => op.path === path).map(({ method }) => method);
  return own.includes("GET") ? [...own, "HEAD"] : own;
}

export async function attemptStray(
  run: Run,
  caller: Caller,
  { method, path, served }: Stray,
): Promise<(Flaw & { sent: Sent }) | undefined> {
  const sent = { method, path, headers: {} };
  const answer = await caller.send(sent);
  run.tally.countOther();
  const { status, headers } = answer;
  const fail = (check: string, why: string) => ({ check, why, sent });
  if (status !== (served ? 405 : 404)) {
    return fail(
      served ? "other method not refused" : "unknown path found",
      `${status}: ${answer.text.slice(0, 300)}`,
    );
  }
  const [flaw] = method === "HEAD" ? [] : generalProblemFlaws(answer, run.api);
  if (flaw) return { ...flaw, check: `${status} ${flaw.check}`, sent };
  if (!served) return undefined;
  const named = (headers.get("allow") ?? "")
    .split(/\s*,\s*/)
    .filter((one) => one !== "" && one !== "OPTIONS");
  if (named.toSorted().join() === served.toSorted().join()) return undefined;
  return fail("Allow is not true", `Allow names ${named.join() || "nothing"}, the document ${served}`);
}
