import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";

/** A file of `api/`. `name` is its path without `.ts`, `path` its URL with `[id]` segments unchanged. */
export type RouteFile = { name: string; file: string; path: string; pattern: string; dynamic: boolean };

/** The route files below `root`/api, with more specific URLs first. */
export async function findRouteFiles(root: string): Promise<RouteFile[]> {
  const entries = await readdir(join(root, "api"), { recursive: true });
  const routes = entries
    .map((entry) => entry.split(sep).join("/"))
    .filter((entry) => entry.endsWith(".ts") && !entry.endsWith(".d.ts"))
    .filter((entry) => !entry.split("/").some((part) => part.startsWith("_")))
    .map((entry) => routeFile(root, entry));
  routes.sort(bySpecificity);
  rejectClashes(routes);
  return routes;
}

function routeFile(root: string, entry: string): RouteFile {
  const name = entry.slice(0, -".ts".length);
  const path = urlPath(name);
  return {
    name,
    file: join(root, "api", entry),
    path,
    pattern: urlPattern(path),
    dynamic: path.includes("["),
  };
}

/** The URL of a route file. */
export function urlPath(name: string): string {
  return `/api/${name}`.replace(/\/index$/, "");
}

/** A regular expression with a named group per `[segment]`, valid in JavaScript and in PCRE (Vercel). */
function urlPattern(path: string): string {
  const segments = path.split("/").map((segment) => {
    const name = /^\[(\w+)\]$/.exec(segment)?.[1];
    if (name) return `(?<${name}>[^/]+)`;
    if (/[[\]]/.test(segment)) throw new Error(`api${path}: the segment "${segment}" cannot be routed.`);
    return segment.replace(/[.*+?^${}()|\\]/g, "\\$&");
  });
  return `^${segments.join("/")}/?$`;
}

/** Compares segment by segment: a fixed one sorts before a dynamic one, as in `tasks/sync` before `tasks/[id]`. */
function bySpecificity(a: RouteFile, b: RouteFile): number {
  return sortKey(a.path) < sortKey(b.path) ? -1 : 1;
}

function sortKey(path: string): string {
  return path.replace(/\[\w+\]/g, "\uffff");
}

function rejectClashes(routes: RouteFile[]): void {
  for (const [index, route] of routes.entries()) {
    const previous = routes[index - 1];
    if (previous && sortKey(previous.path) === sortKey(route.path)) {
      throw new Error(`api/${previous.name}.ts and api/${route.name}.ts both serve ${route.path}.`);
    }
  }
}
