import { coreRoutes, fallbackRoute, hobbyFunctionLimit } from "./core-routes.js";
import type { RouteFile } from "./route-files.js";

/** "fit" is for a Hobby plan; "each" gives every route file a function of its own. */
export type BuildMode = "fit" | "each";

export function readMode(value: string): BuildMode {
  if (value !== "fit" && value !== "each") throw new Error(`FUNCTIONS is "fit" or "each", not "${value}".`);
  return value;
}

/** A function to build: its URL path in the output and the route files it serves. */
export type FunctionPlan = { path: string; routes: RouteFile[]; shared: boolean };

/** No route file's name starts with `_`, so this path belongs to no other. */
const sharedPath = "/api/_shared";

/** @throws Error when nothing answers unknown paths, or "fit" needs more functions than a Hobby plan accepts. */
export function planFunctions(routes: RouteFile[], mode: BuildMode): FunctionPlan[] {
  const own = routes.filter((route) => mode === "each" || coreRoutes.includes(route.name));
  const others = routes.filter((route) => !own.includes(route));
  if (!routes.some((route) => route.name === fallbackRoute)) {
    throw new Error(
      `api/${fallbackRoute}.ts is missing: it answers the paths below /api that no file serves.`,
    );
  }
  const plan = own.map((route) => ({ path: route.path, routes: [route], shared: false }));
  if (others.length > 0) plan.push({ path: sharedPath, routes: others, shared: true });
  if (mode === "fit" && plan.length > hobbyFunctionLimit) {
    throw new Error(
      `${plan.length} functions; a Hobby plan accepts ${hobbyFunctionLimit}. Shorten coreRoutes.`,
    );
  }
  return plan;
}
