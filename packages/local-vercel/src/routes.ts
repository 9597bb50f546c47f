import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type GetRoutesProps,
  getTransformedRoutes,
  type HandleValue,
  isHandler,
  mergeRoutes,
  normalizeRoutes,
  type Route,
  type RouteInput,
  type RouteWithSrc,
} from "@vercel/routing-utils";
import * as z from "zod";

/** `main` is the phase before the first `handle`. */
export type Phase = "main" | HandleValue;
export type PhaseRoute = RouteWithSrc & { pattern: RegExp };
export type Routes = Map<Phase, PhaseRoute[]>;
export type Overrides = z.infer<typeof configSchema>["overrides"];

const configSchema = z.object({
  version: z.literal(3),
  routes: z.array(z.custom<RouteInput>((route) => typeof route === "object" && route !== null)).default([]),
  overrides: z
    .record(z.string(), z.object({ path: z.string().optional(), contentType: z.string().optional() }))
    .default({}),
});

const vercelSchema = z.custom<GetRoutesProps>((value) => typeof value === "object" && value !== null);

/** Route features that this server does not implement. */
const unsupported = [
  "destination",
  "env",
  "locale",
  "middleware",
  "middlewarePath",
  "mitigate",
  "transforms",
] as const;

/** Reads the routes of the output's `config.json` and merges those of vercel.json, as Vercel's CLI does. */
export async function readRoutes(
  output: string,
  vercelJson: string | undefined,
): Promise<{ routes: Routes; overrides: Overrides }> {
  const config = configSchema.parse(await readJson(join(output, "config.json")));
  const user = getTransformedRoutes(vercelJson ? vercelSchema.parse(await readJson(vercelJson)) : {});
  if (user.error) throw new Error(`${vercelJson}: ${user.error.message}`);
  const own = normalizeRoutes(config.routes);
  if (own.error) throw new Error(`config.json: ${own.error.message}`);
  const merged = mergeRoutes({
    userRoutes: user.routes,
    builds: [{ use: "@vercel/static-build", entrypoint: "package.json", routes: own.routes ?? [] }],
  });
  return { routes: byPhase(merged), overrides: config.overrides };
}

function byPhase(merged: Route[]): Routes {
  const routes: Routes = new Map();
  let phase: Phase = "main";
  for (const route of merged) {
    if (isHandler(route)) phase = route.handle;
    else routes.set(phase, [...(routes.get(phase) ?? []), compile(route)]);
  }
  return routes;
}

function compile(route: RouteWithSrc): PhaseRoute {
  const feature = unsupported.find((name) => name in route);
  if (feature) throw new Error(`Route ${route.src}: "${feature}" is not supported locally.`);
  if (route.dest && /^\w+:\/\//.test(route.dest)) {
    throw new Error(`Route ${route.src}: a destination on another host is not supported locally.`);
  }
  return { ...route, pattern: new RegExp(route.src, route.caseSensitive ? "" : "i") };
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, "utf8"));
}
