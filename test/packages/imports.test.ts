import { readdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
const packages = join(projectRoot, "packages");
const names = (await readdir(packages, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const importing =
  /^(?:import|export)\b[^;"]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

/** Lists the imports of the files below `root`. */
async function importsIn(root: string): Promise<{ file: string; specifier: string }[]> {
  const files = (await readdir(root, { recursive: true }))
    .filter((file) => /\.(?:tsx?|js)$/.test(file) && !/^(?:dist|node_modules)\b/.test(file))
    .map((file) => join(root, file));
  const imports = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(file, "utf8");
      return [...source.matchAll(importing)].map(([, from, bare, dynamic]) => ({
        file,
        specifier: from ?? bare ?? dynamic ?? "",
      }));
    }),
  );
  return imports.flat();
}

const isRelative = (specifier: string) => specifier.startsWith(".");
const isBuiltin = (specifier: string) => specifier.startsWith("node:") || builtinModules.includes(specifier);
const packageOf = (specifier: string) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

test.each(names)("packages/%s imports nothing from outside its own folder", async (name) => {
  const root = join(packages, name) + sep;
  const outside = (await importsIn(root)).filter(
    ({ file, specifier }) => isRelative(specifier) && !resolve(dirname(file), specifier).startsWith(root),
  );
  expect(outside).toEqual([]);
});

test.each(names)("packages/%s declares exactly the npm packages that its sources import", async (name) => {
  const manifest = await readFile(join(packages, name, "package.json"), "utf8");
  const { dependencies = {} } = JSON.parse(manifest);
  const imported = (await importsIn(join(packages, name, "src")))
    .map(({ specifier }) => specifier)
    .filter((specifier) => !isRelative(specifier) && !isBuiltin(specifier))
    .map(packageOf);
  expect([...new Set(imported)].sort()).toEqual(Object.keys(dependencies).sort());
});

test.each(["api", "lib", "db", "web"])("%s, which is deployed, imports no local service", async (folder) => {
  const specifiers = (await importsIn(join(projectRoot, folder))).map(({ specifier }) => specifier);
  expect(specifiers.length).toBeGreaterThan(0);
  expect(specifiers.filter((specifier) => specifier.startsWith("@latchkey/local-"))).toEqual([]);
});
