import { meetsConditions } from "./conditions.js";
import type { Incoming } from "./incoming.js";
import type { Entry, OutputFiles } from "./output-files.js";
import type { Phase, PhaseRoute, Routes } from "./routes.js";

export type Headers = Map<string, string>;

/** What answers a request. `query` is what the destinations of routes add to the URL a function sees. */
export type Outcome = { headers: Headers; status: number | undefined } & (
  | { kind: "entry"; entry: Entry; query: URLSearchParams }
  | { kind: "status"; status: number }
);

/** What the phases hand on to each other: the path as rewritten so far, and what routes said on the way. */
type State = { path: string; query: URLSearchParams; headers: Headers; status: number | undefined };

/** What a route has captured: of the path, and of the fields it asks for. */
type Captures = { matched: RegExpExecArray; fields: Record<string, string> };

type Site = { routes: Routes; files: OutputFiles };

/** Runs the phases of the Build Output API in their order until one of them leads to a file, function or status. */
export function route(site: Site, request: Incoming): Outcome {
  const state: State = {
    path: request.url.pathname,
    query: new URLSearchParams(),
    headers: new Map(),
    status: undefined,
  };
  const outcome = runPhase(site, request, state, "main") ??
    found(site, request, state) ??
    runPhase(site, request, state, "filesystem") ??
    runPhase(site, request, state, "rewrite") ??
    runPhase(site, request, state, "miss") ??
    runPhase(site, request, state, "resource") ?? { kind: "status", status: 404, headers: state.headers };
  return outcome.kind === "status" && outcome.status >= 400
    ? errorOutcome(site, request, state, outcome.status)
    : outcome;
}

function errorOutcome(site: Site, request: Incoming, state: State, status: number): Outcome {
  const failed = { ...state, path: request.url.pathname, status };
  const page = runPhase(site, request, failed, "error");
  return page?.kind === "entry" ? page : { kind: "status", status, headers: state.headers };
}

function runPhase(site: Site, request: Incoming, state: State, phase: Phase): Outcome | null {
  for (const candidate of site.routes.get(phase) ?? []) {
    const captures = match(candidate, request, state, phase);
    if (!captures) continue;
    applyHeaders(state, candidate, captures, phase);
    if (phase !== "error") state.status = candidate.status ?? state.status;
    if (candidate.dest) rewrite(state, substitute(candidate.dest, captures));
    if (candidate.continue) continue;
    if (!candidate.dest) return candidate.status ? statusOutcome(state, candidate.status) : null;
    const outcome = found(site, request, state);
    // `check` lets a destination that is no file be taken further, by later routes as by later phases.
    if (outcome || !candidate.check) return outcome;
  }
  return null;
}

/** A file or function at the current path, with the headers of the `hit` phase. */
function found(site: Site, request: Incoming, state: State): Outcome | null {
  const entry = site.files.find(state.path);
  if (!entry) return null;
  runPhase(site, request, state, "hit");
  return { kind: "entry", entry, ...state };
}

function statusOutcome({ headers }: State, status: number): Outcome {
  return { kind: "status", status, headers };
}

function match(candidate: PhaseRoute, request: Incoming, state: State, phase: Phase): Captures | null {
  if (candidate.methods && !candidate.methods.includes(request.method)) return null;
  if (phase === "error" && candidate.status !== undefined && candidate.status !== state.status) return null;
  const matched = candidate.pattern.exec(state.path);
  const fields = matched && meetsConditions(request, candidate.has, candidate.missing);
  return fields && { matched, fields };
}

function applyHeaders(state: State, { headers = {} }: PhaseRoute, captures: Captures, phase: Phase): void {
  const late = phase === "hit" || phase === "miss";
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!late || !state.headers.has(key)) state.headers.set(key, substitute(value, captures));
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
