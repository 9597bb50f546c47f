import { readdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { type Manifest, nameAt, type Packages } from "./lockfile.js";
import { type NeededPackage, productionTree } from "./production-tree.js";

/** Licences (SPDX) that at most require their own text to be kept. */
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

/** Evaluates an SPDX expression: one side of an OR must be allowed, and both sides of an AND. */
export function isAllowed(expression: string | undefined): boolean {
  const terms = (expression ?? "").replace(/^\((.*)\)$/, "$1");
  if (/[()]/.test(terms)) return false;
  return terms
    .split(" OR ")
    .some((side) => side.split(" AND ").every((term) => allowedLicences.includes(term.trim())));
}

/** A script copies these into the output or into a source file, so the import scan cannot find them. */
const copiedPackages = ["swagger-ui-dist", "@zxcvbn-ts/language-common"];
const browserFolders = ["web/", "scripts/build/docs/"];
const bareImport = /(?:from|import)\s*\(?\s*"((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^"]*)?"/g;

/** Development dependencies whose code reaches the browser. */
async function shippedPackages(root: URL): Promise<string[]> {
  const names = new Set(copiedPackages);
  for (const folder of browserFolders) {
    const files = await readdir(new URL(folder, root), { recursive: true });
    for (const file of files.filter((name) => /\.tsx?$/.test(name))) {
      const source = await readFile(new URL(folder + file, root), "utf8");
      for (const [, name = ""] of source.matchAll(bareImport)) names.add(name);
    }
  }
  // The builder of the docs page runs in Node and imports its modules.
  return [...names].filter((name) => !builtinModules.includes(name)).sort();
}

/** Every package whose code runs in production or in the browser. */
export const deployedTree = async (
  root: URL,
  packages: Packages,
  manifest: Manifest,
): Promise<NeededPackage[]> =>
  productionTree(packages, [...Object.keys(manifest.dependencies), ...(await shippedPackages(root))]);

export const licenceFaults = (tree: readonly NeededPackage[]): string[] =>
  tree
    .filter(({ license }) => !isAllowed(license))
    .map(({ path, license }) => `${path} has a licence that is not on the list: ${license ?? "(missing)"}`);

/** The text of docs/licences.md. */
export function licencesPage(tree: readonly NeededPackage[]): string {
  const rows = tree.map(
    ({ path, version, license }) => `| \`${nameAt(path)}\` | ${version} | ${license ?? "(missing)"} |`,
  );
  return `# Licences

\`npm run supply-chain -- --write\` generates this page and rejects licences other than ${allowedLicences.join(", ")}.
The page lists every package whose code runs in the functions or in the browser, with its dependencies, for every
operating system. A deployment contains the packages for one of them.

| package | version | licence |
|---|---|---|
${[...new Set(rows)].join("\n")}
`;
}
