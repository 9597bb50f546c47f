import type { Route } from "@vercel/routing-utils";
import { fallbackRoute } from "./core-routes.js";
import type { Overrides } from "./document.js";
import type { FunctionPlan } from "./plan.js";
import type { RouteFile } from "./route-files.js";

/** Contents of `config.json` of Vercel's Build Output API. */
export type OutputConfig = { version: 3; routes: Route[]; overrides: Overrides };

/** @param pages patterns of the addresses that all get `index.html` */
export function outputConfig(
  plan: FunctionPlan[],
  routes: RouteFile[],
  overrides: Overrides,
  pages: string[],
): OutputConfig {
  // `check` lets the rewrites of vercel.json, which go before these, lead to them.
  // A function's own path is found before; its route is for a slash at the end.
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
      ...errorPage(overrides),
    ],
    overrides,
  };
}

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
