import type { Route } from "@vercel/routing-utils";
import { assetPattern } from "./assets.js";
import { fallbackRoute } from "./core-routes.js";
import type { Overrides } from "./document.js";
import type { FunctionPlan } from "./plan.js";
import type { RouteFile } from "./route-files.js";

/** The contents of the Build Output API's `config.json`. */
export type OutputConfig = { version: 3; routes: Route[]; overrides: Overrides };

/** @param pages patterns of the URLs that serve `index.html` */
export function outputConfig(
  plan: FunctionPlan[],
  routes: RouteFile[],
  overrides: Overrides,
  pages: string[],
): OutputConfig {
  // vercel.json's rewrites run before these routes; `check` lets them lead to a function. The filesystem phase matches
  // a function's own path, so a static path needs its route only for a trailing slash.
  const routed = routes.map(
    (route): Route => ({ src: route.pattern, dest: functionPath(plan, route.name), check: true }),
  );
  const unknown: Route = { src: "^/api(?:/.*)?$", dest: functionPath(plan, fallbackRoute), check: true };
  return {
    version: 3,
    routes: [
      { handle: "filesystem" },
      ...routed,
      unknown,
      ...pages.map((src) => ({ src, dest: "/index.html" })),
      ...cachedAssets,
      ...errorPage(overrides),
    ],
    overrides,
  };
}

/** In the `hit` phase, which only a file that exists reaches: a 404 must not be cached for a year. */
const cachedAssets: Route[] = [
  { handle: "hit" },
  {
    src: assetPattern,
    headers: { "cache-control": "public, max-age=31536000, immutable" },
    continue: true,
    important: true,
  },
];

function functionPath(plan: FunctionPlan[], routeName: string): string {
  const owner = plan.find(({ routes }) => routes.some(({ name }) => name === routeName));
  if (!owner) throw new Error(`No function serves api/${routeName}.ts.`);
  return owner.path;
}

function errorPage(overrides: Overrides): Route[] {
  const page = overrides["404.html"];
  if (!page) return [];
  return [{ handle: "error" }, { src: "^(?!/api).*$", status: 404, dest: `/${page.path}` }];
}
