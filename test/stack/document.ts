import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

const file = join(inject("shared").output, "static/api/openapi.json");

/**
 * The OpenAPI document of the tested build, as JSON. Tests read the committed copy only to see whether it is fresh
 * (test/scripts/generate.test.ts), so that a forgotten `npm run generate` fails one test.
 */
export const documentJson = readFileSync(file, "utf8");
