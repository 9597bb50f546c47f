import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const manifest = z.object({
  version: z.string().default(""),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});

const readManifest = (folder: string) =>
  manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));

export const versionOf = (root: string, name: string): string => {
  const folder = findPackage(root, root, name);
  return folder ? readManifest(folder).version : "(not installed)";
};

/** Size of a production install of these packages with their dependencies: megabytes of files, and packages. */
export function installedSize(
  root: string,
  names: readonly string[],
): { megabytes: number; packages: number } {
  const folders = new Set<string>();
  const visit = (from: string, name: string) => {
    const folder = findPackage(root, from, name);
    // npm does not install optional dependencies of other platforms.
    if (!folder || folders.has(folder)) return;
    folders.add(folder);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      readManifest(folder);
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
    const needed = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
    for (const next of needed) visit(folder, next);
  };
  for (const name of names) visit(root, name);
  const bytes = [...folders].reduce((sum, folder) => sum + sizeOf(folder), 0);
  return { megabytes: bytes / 1e6, packages: folders.size };
}

/** Searches like Node: in the nearest node_modules, then upwards to `root`. */
function findPackage(root: string, from: string, name: string): string | undefined {
  for (let at = from; at.startsWith(root); at = join(at, "..")) {
    const folder = join(at, "node_modules", name);
    if (exists(join(folder, "package.json"))) return folder;
    if (at === root) return undefined;
  }
  return undefined;
}

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** Bytes of a package's files, without packages nested in it. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    })
    .reduce((sum, size) => sum + size, 0);
}
