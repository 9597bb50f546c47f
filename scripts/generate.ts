import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { generateClientFiles } from "./client-types/generate.js";
import { envExample } from "./generate/env-example.js";
import { readmeWithTables } from "./generate/readme.js";
import { buildDocument, formatDocument } from "./openapi/document.js";

const urlOf = (file: string) => new URL(`../${file}`, import.meta.url);
const readText = (file: string) => readFile(urlOf(file), "utf8").catch(() => "");

/** The committed files that follow from the code: their paths and what they should contain. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const document = formatDocument(buildDocument());
  return {
    "openapi.json": document,
    ...(await generateClientFiles(document)),
    "README.md": readmeWithTables(await readText("README.md")),
    ".env.example": envExample(),
  };
}

/** The generated files that differ from their committed copies. */
export async function staleFiles(): Promise<string[]> {
  const stale: string[] = [];
  for (const [file, text] of Object.entries(await generatedFiles())) {
    if ((await readText(file)) !== text) stale.push(file);
  }
  return stale;
}

if (process.argv[1]?.endsWith("generate.ts")) {
  const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
  if (!check) {
    for (const [file, text] of Object.entries(await generatedFiles())) await writeFile(urlOf(file), text);
  } else {
    const stale = await staleFiles();
    for (const file of stale)
      console.error(`${file} is stale. Run \`npm run generate\` and commit the result.`);
    if (stale.length > 0) process.exitCode = 1;
  }
}
