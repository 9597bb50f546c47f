import {
  coreRoutes,
  fallbackRoute,
  hobbyFunctionLimit,
  type SharedFunction,
  sharedFunctions,
} from "./core-routes.js";
import type { RouteFile } from "./route-files.js";

/** "fit" stays within a Hobby plan. "each" builds one function per route file. */
export type BuildMode = "fit" | "each";

export function readMode(value: string): BuildMode {
  if (value !== "fit" && value !== "each")
    throw new Error(`FUNCTIONS must be "fit" or "each", not "${value}".`);
  return value;
}

/** A function to build: its URL path in the output, the route files that it serves, and how it shares them. */
export type FunctionPlan = { path: string; routes: RouteFile[]; shared?: SharedFunction };

/** @throws Error when the fallback route is missing, or "fit" exceeds the functions of a Hobby plan */
export function planFunctions(routes: RouteFile[], mode: BuildMode): FunctionPlan[] {
  const own = routes.filter((route) => mode === "each" || coreRoutes.includes(route.name));
  const others = routes.filter((route) => !own.includes(route));
  if (!routes.some((route) => route.name === fallbackRoute)) {
    throw new Error(
      `api/${fallbackRoute}.ts is missing: it responds to paths below /api that no file serves.`,
    );
  }
  const plan: FunctionPlan[] = own.map((route) => ({ path: route.path, routes: [route] }));
  for (const shared of sharedFunctions) {
    const routes = others.filter(
      ({ name }) => sharedFunctions.find(({ includes }) => includes.test(name)) === shared,
    );
    if (routes.length > 0) plan.push({ path: shared.path, routes, shared });
  }
  if (mode === "fit" && plan.length > hobbyFunctionLimit) {
    throw new Error(
      `The build has ${plan.length} functions, and a Hobby plan accepts ${hobbyFunctionLimit}. Shorten coreRoutes in scripts/build/core-routes.ts.`,
    );
  }
  return plan;
}
