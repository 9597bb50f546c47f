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
  const folder = find(root, root, name);
  return folder ? readManifest(folder).version : "none";
};

/** What a production install of these packages takes, with all that they depend on: MB of files, and packages. */
export function installedSize(
  root: string,
  names: readonly string[],
): { megabytes: number; packages: number } {
  const folders = new Set<string>();
  const visit = (from: string, name: string) => {
    const folder = find(root, from, name);
    // An optional dependency of another platform is not there.
    if (!folder || folders.has(folder)) return;
    folders.add(folder);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      readManifest(folder);
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
    for (const next of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])
      visit(folder, next);
  };
  for (const name of names) visit(root, name);
  const bytes = [...folders].reduce((sum, folder) => sum + sizeOf(folder), 0);
  return { megabytes: bytes / 1e6, packages: folders.size };
}

/** As Node looks for it: in the nearest node_modules upwards, `root` at the latest. */
function find(root: string, from: string, name: string): string | undefined {
  for (let at = from; at.startsWith(root); at = join(at, "..")) {
    const folder = join(at, "node_modules", name);
    if (exists(join(folder, "package.json"))) return folder;
    if (at === root) return undefined;
  }
  return undefined;
}

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** Of its files, without the packages that are nested in it. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    })
    .reduce((sum, size) => sum + size, 0);
}
