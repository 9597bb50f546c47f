import { access } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type RouteTable = typeof import("../../web/app/routes.js");

/** The patterns of the addresses that the single-page app answers, from its own table of routes. */
export async function appPages(root: string): Promise<string[]> {
  const file = join(root, "web/app/routes.ts");
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) return [];
  const table: RouteTable = await import(pathToFileURL(file).href);
  return table.routes.map(table.patternOf);
}
