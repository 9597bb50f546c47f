import { coreRoutes, fallbackRoute, hobbyFunctionLimit } from "./core-routes.js";
import type { RouteFile } from "./route-files.js";

/** "fit" stays within a Hobby plan. "each" builds one function per route file. */
export type BuildMode = "fit" | "each";

export function readMode(value: string): BuildMode {
  if (value !== "fit" && value !== "each")
    throw new Error(`FUNCTIONS must be "fit" or "each", not "${value}".`);
  return value;
}

/** A function to build: its URL path in the output, and the route files that it serves. */
export type FunctionPlan = { path: string; routes: RouteFile[]; shared: boolean };

/** Route files cannot start with `_`, so this path is free. */
const sharedPath = "/api/_shared";

/** @throws Error when the fallback route is missing, or "fit" exceeds the functions of a Hobby plan */
export function planFunctions(routes: RouteFile[], mode: BuildMode): FunctionPlan[] {
  const own = routes.filter((route) => mode === "each" || coreRoutes.includes(route.name));
  const others = routes.filter((route) => !own.includes(route));
  if (!routes.some((route) => route.name === fallbackRoute)) {
    throw new Error(
      `api/${fallbackRoute}.ts is missing: it responds to paths below /api that no file serves.`,
    );
  }
  const plan = own.map((route) => ({ path: route.path, routes: [route], shared: false }));
  if (others.length > 0) plan.push({ path: sharedPath, routes: others, shared: true });
  if (mode === "fit" && plan.length > hobbyFunctionLimit) {
    throw new Error(
      `The build has ${plan.length} functions, and a Hobby plan accepts ${hobbyFunctionLimit}. Shorten coreRoutes in scripts/build/core-routes.ts.`,
    );
  }
  return plan;
}
