import { matchConditions } from "./conditions.js";
import type { Deployment } from "./deployment.js";
import type { EdgeRequest } from "./edge-request.js";
import type { Entry } from "./output-files.js";
import type { Phase, PhaseRoute } from "./routes.js";

export type Headers = Map<string, string>;

/** Where a request is routed to. `query` holds the parameters that destinations add for the function. */
export type Outcome = { headers: Headers; status: number | undefined } & (
  | { kind: "entry"; entry: Entry; query: URLSearchParams }
  | { kind: "status"; status: number }
);

/** Passes between the phases: the path as rewritten so far, and the effects of the routes that matched. */
type State = { path: string; query: URLSearchParams; headers: Headers; status: number | undefined };

/** The groups that a route captured from the path, and from its `has` conditions. */
type Captures = { matched: RegExpExecArray; fields: Record<string, string> };

type Deployed = Pick<Deployment, "routes" | "files">;

/** Runs the phases of the Build Output API in order, until one leads to a file, a function or a status. */
export function route(deployment: Deployed, request: EdgeRequest): Outcome {
  const state: State = {
    path: request.url.pathname,
    query: new URLSearchParams(),
    headers: new Map(),
    status: undefined,
  };
  const outcome = runPhase(deployment, request, state, "main") ??
    entryOutcome(deployment, request, state) ??
    runPhase(deployment, request, state, "filesystem") ??
    runPhase(deployment, request, state, "rewrite") ??
    runPhase(deployment, request, state, "miss") ??
    runPhase(deployment, request, state, "resource") ?? {
      kind: "status",
      status: 404,
      headers: state.headers,
    };
  return outcome.kind === "status" && outcome.status >= 400
    ? errorOutcome(deployment, request, state, outcome.status)
    : outcome;
}

function errorOutcome(deployment: Deployed, request: EdgeRequest, state: State, status: number): Outcome {
  const failed = { ...state, path: request.url.pathname, status };
  const page = runPhase(deployment, request, failed, "error");
  return page?.kind === "entry" ? page : { kind: "status", status, headers: state.headers };
}

function runPhase(deployment: Deployed, request: EdgeRequest, state: State, phase: Phase): Outcome | null {
  for (const candidate of deployment.routes.get(phase) ?? []) {
    const captures = match(candidate, request, state, phase);
    if (!captures) continue;
    applyHeaders(state, candidate, captures, phase);
    if (phase !== "error") state.status = candidate.status ?? state.status;
    if (candidate.dest) rewrite(state, substitute(candidate.dest, captures));
    if (candidate.continue) continue;
    if (!candidate.dest) return candidate.status ? statusOutcome(state, candidate.status) : null;
    const outcome = entryOutcome(deployment, request, state);
    // With `check`, later routes and phases handle a destination that does not exist.
    if (outcome || !candidate.check) return outcome;
  }
  return null;
}

/** Returns the file or function at the current path, with the headers of the `hit` phase. */
function entryOutcome(deployment: Deployed, request: EdgeRequest, state: State): Outcome | null {
  const entry = deployment.files.find(state.path);
  if (!entry) return null;
  runPhase(deployment, request, state, "hit");
  return { kind: "entry", entry, ...state };
}

function statusOutcome({ headers }: State, status: number): Outcome {
  return { kind: "status", status, headers };
}

function match(candidate: PhaseRoute, request: EdgeRequest, state: State, phase: Phase): Captures | null {
  if (candidate.methods && !candidate.methods.includes(request.method)) return null;
  if (phase === "error" && candidate.status !== undefined && candidate.status !== state.status) return null;
  const matched = candidate.pattern.exec(state.path);
  const fields = matched && matchConditions(request, candidate.has, candidate.missing);
  return fields && { matched, fields };
}

function applyHeaders(state: State, { headers = {} }: PhaseRoute, captures: Captures, phase: Phase): void {
  const isLate = phase === "hit" || phase === "miss";
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!isLate || !state.headers.has(key)) state.headers.set(key, substitute(value, captures));
  }
}

/** Replaces `$1`, `$name` and `${name}`. */
function substitute(template: string, { matched, fields }: Captures): string {
  return template.replace(
    /\$(?:\{(\w+)\}|([1-9]\d*|[a-z]\w*))/gi,
    (_, braced: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? "";
      return matched[Number(name)] ?? matched.groups?.[name] ?? fields[name] ?? "";
    },
  );
}

function rewrite(state: State, destination: string): void {
  const [path = "", query = ""] = destination.split(/\?(.*)/s);
  state.path = path.startsWith("/") ? path : `/${path}`;
  for (const [name, value] of new URLSearchParams(query)) state.query.set(name, value);
}
