import { readdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { type Manifest, nameAt, type Packages } from "./lockfile.js";
import { type Needed, productionTree } from "./production-tree.js";

/** Licences (SPDX) that ask for no more than their own text to be kept. */
const allowedLicences: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
];

/** Whether an SPDX expression leaves a way to stay within the list: one side of an OR, both of an AND. */
export function isAllowed(expression: string | undefined): boolean {
  const terms = (expression ?? "").replace(/^\((.*)\)$/, "$1");
  if (/[()]/.test(terms)) return false;
  return terms
    .split(" OR ")
    .some((side) => side.split(" AND ").every((term) => allowedLicences.includes(term.trim())));
}

/** Copied into the output, or into a source, by a script: no import names them. */
const copied = ["swagger-ui-dist", "@zxcvbn-ts/language-common"];
const browserFolders = ["web/", "scripts/build/docs/"];
const bareImport = /(?:from|import)\s*\(?\s*"((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^"]*)?"/g;

/** Packages whose code people are sent, though package.json needs them at build time only. */
async function shippedPackages(root: URL): Promise<string[]> {
  const names = new Set(copied);
  for (const folder of browserFolders) {
    const files = await readdir(new URL(folder, root), { recursive: true });
    for (const file of files.filter((one) => /\.tsx?$/.test(one))) {
      const source = await readFile(new URL(folder + file, root), "utf8");
      for (const [, name = ""] of source.matchAll(bareImport)) names.add(name);
    }
  }
  // The docs page's builder runs in Node.
  return [...names].filter((name) => !builtinModules.includes(name)).sort();
}

/** Every package whose code runs in production or is sent to a browser. */
export const deployedTree = async (root: URL, packages: Packages, manifest: Manifest): Promise<Needed[]> =>
  productionTree(packages, [...Object.keys(manifest.dependencies), ...(await shippedPackages(root))]);

export const licenceFaults = (tree: readonly Needed[]): string[] =>
  tree
    .filter(({ license }) => !isAllowed(license))
    .map(({ place, license }) => `${place} has a licence that is not on the list: ${license ?? "none"}`);

/** The text of docs/licences.md. */
export function licencesPage(tree: readonly Needed[]): string {
  const rows = tree.map(
    ({ place, version, license }) => `| \`${nameAt(place)}\` | ${version} | ${license ?? "none"} |`,
  );
  return `# Licences

Every package whose code runs in the functions or is sent to a browser, with what it needs in turn. Written by
\`npm run supply-chain -- --write\`, which also refuses licences other than ${allowedLicences.join(", ")}.
The packages for one operating system each are listed all; a deployment has one of them.

| package | version | licence |
|---|---|---|
${[...new Set(rows)].join("\n")}
`;
}
