import { readFile } from "node:fs/promises";
import * as z from "zod";

const ranges = z.record(z.string(), z.string()).default({});

const entrySchema = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().default(false),
  license: z.string().optional(),
  hasInstallScript: z.boolean().default(false),
  dependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});
const lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entrySchema) });

/** An entry of package-lock.json, for one path in `node_modules`. */
export type Package = z.output<typeof entrySchema>;
export type Packages = Record<string, Package>;

const manifest = z.object({
  dependencies: ranges,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});

/** The parts of package.json that the checks read. */
export type Manifest = z.output<typeof manifest>;

const readJson = async (root: URL, file: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(file, root), "utf8"));

/** The entries of package-lock.json by path. `""` is the project itself. */
export const readLockfile = async (root: URL): Promise<Packages> =>
  lockfile.parse(await readJson(root, "package-lock.json")).packages;

export const readManifest = async (root: URL): Promise<Manifest> =>
  manifest.parse(await readJson(root, "package.json"));

const inside = "node_modules/";

/** The package name in a path such as `node_modules/a/node_modules/@b/c`. */
export const nameAt = (path: string): string => path.slice(path.lastIndexOf(inside) + inside.length);

/**
 * Faults that could bring in other code than the locked code: a missing checksum, an address outside the registry,
 * and an install script that package.json neither allows nor forbids.
 */
export function lockfileFaults(
  packages: Packages,
  { allowScripts }: Pick<Manifest, "allowScripts">,
): string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    // The project, its workspaces and the links to them are part of the repository.
    if (!path.includes(inside) || entry.link) return [];
    const faults: string[] = [];
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? ""))
      faults.push(`${path} has no SHA-512 checksum`);
    // Without `resolved`, npm uses its configured registry over https.
    if (entry.resolved !== undefined)
      faults.push(`${path} does not come from the registry: ${entry.resolved}`);
    if (entry.hasInstallScript && allowScripts[nameAt(path)] === undefined)
      faults.push(`${path} has an install script that package.json neither allows nor forbids`);
    return faults;
  });
}
