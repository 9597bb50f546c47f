import type { Patch } from "./patch.js";

/** The package's index loads every helper of Vercel. Latchkey uses one of them. */
function exportWaitUntilOnly(source: string): string {
  if (!/require\("\.\/wait-until"\)/.test(source)) throw new Error("found no import of wait-until");
  return 'export { waitUntil } from "./wait-until.js";';
}

export const vercelFunctions: Patch = {
  packageName: "@vercel/functions",
  version: "3.9.9",
  file: "index.js",
  apply: exportWaitUntilOnly,
};
