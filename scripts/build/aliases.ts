import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GetRoutesProps, getTransformedRoutes, isHandler } from "@vercel/routing-utils";

/** A rewrite in vercel.json that leads to a path below /api, as a regular expression and its replacement. */
export type Alias = { src: string; dest: string };

/** A function sees the URL before the rewrite, so the shared function must know the rewrites, too. */
export async function readAliases(root: string): Promise<Alias[]> {
  const { rewrites } = await readVercelJson(join(root, "vercel.json"));
  const { routes, error } = getTransformedRoutes(rewrites ? { rewrites } : {});
  if (error) throw new Error(`vercel.json: ${error.message}`);
  return (routes ?? []).flatMap((route) =>
    !isHandler(route) && route.dest?.startsWith("/api/") ? [{ src: route.src, dest: route.dest }] : [],
  );
}

async function readVercelJson(file: string): Promise<Pick<GetRoutesProps, "rewrites">> {
  return JSON.parse(await readFile(file, "utf8"));
}
