import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { clientTypes } from "./client-types/generate.js";
import { buildDocument, formatDocument } from "./openapi/document.js";

/** What follows from the contracts, and is committed so that others can read and copy it. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const document = formatDocument(buildDocument());
  return { "openapi.json": document, "packages/client/src/schema.d.ts": await clientTypes(document) };
}

const pathOf = (file: string) => new URL(`../${file}`, import.meta.url);

/** The generated files that are not what the contracts say. */
export async function staleFiles(): Promise<string[]> {
  const stale: string[] = [];
  for (const [file, fresh] of Object.entries(await generatedFiles())) {
    if ((await readFile(pathOf(file), "utf8").catch(() => "")) !== fresh) stale.push(file);
  }
  return stale;
}

if (process.argv[1]?.endsWith("openapi.ts")) {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  if (!check) {
    for (const [file, fresh] of Object.entries(await generatedFiles())) await writeFile(pathOf(file), fresh);
  } else {
    const stale = await staleFiles();
    for (const file of stale)
      console.error(`${file} is not what the contracts say. Run \`npm run openapi\` and commit the result.`);
    if (stale.length > 0) process.exitCode = 1;
  }
}
