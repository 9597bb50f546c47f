import type { Patch } from "./patch.js";

/** The modules of `drizzle-orm/pg-core` that define tables. */
const definitions = ["columns/index", "table", "checks", "foreign-keys", "indexes", "primary-keys"];

/** Its modules that build queries and connect, which Latchkey does not use: it writes SQL. */
const queryBuilder = ["dialect", "query-builders/index", "session"];

const exportOf = (module: string) => `export * from "./${module}.js";\n`;

/**
 * esbuild keeps all exports of the index, used or not, for a module that loads lazily. Code that imports another part of
 * `drizzle-orm/pg-core` does not build.
 */
function exportDefinitionsOnly(source: string): string {
  const missing = [...definitions, ...queryBuilder].find((module) => !source.includes(exportOf(module)));
  if (missing) throw new Error(`found no export of ${missing}`);
  return definitions.map(exportOf).join("");
}

export const drizzle: Patch = {
  packageName: "drizzle-orm",
  version: "0.45.4",
  file: "pg-core/index.js",
  apply: exportDefinitionsOnly,
};
