import { readFile } from "node:fs/promises";
import * as z from "zod";

const ranges = z.record(z.string(), z.string()).default({});

const entry = z.object({
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
const lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entry) });

/** What package-lock.json says of one place in `node_modules`. */
export type Package = z.output<typeof entry>;
export type Packages = Record<string, Package>;

const manifest = z.object({
  dependencies: ranges,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});

/** The parts of package.json that this looks at. */
export type Manifest = z.output<typeof manifest>;

const readJson = async (root: URL, file: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(file, root), "utf8"));

/** The entries of package-lock.json by their place; `""` is the project itself. */
export const readLockfile = async (root: URL): Promise<Packages> =>
  lockfile.parse(await readJson(root, "package-lock.json")).packages;

export const readManifest = async (root: URL): Promise<Manifest> =>
  manifest.parse(await readJson(root, "package.json"));

const inside = "node_modules/";

/** `node_modules/a/node_modules/@b/c` is the place of `@b/c`. */
export const nameAt = (place: string): string => place.slice(place.lastIndexOf(inside) + inside.length);

/**
 * Faults of a lockfile that could bring in other code than was locked: a missing checksum, an address that is not
 * the registry's, and a script at installation that nobody has decided about.
 */
export function lockfileFaults(
  packages: Packages,
  { allowScripts }: Pick<Manifest, "allowScripts">,
): string[] {
  return Object.entries(packages).flatMap(([place, one]) => {
    // The project, its workspaces and the links to them are the repository's own.
    if (!place.includes(inside) || one.link) return [];
    const faults: string[] = [];
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(one.integrity ?? ""))
      faults.push(`${place} has no SHA-512 checksum`);
    // Left out, it is the registry that npm is configured for, over https.
    if (one.resolved !== undefined) faults.push(`${place} comes from an address of its own: ${one.resolved}`);
    if (one.hasInstallScript && allowScripts[nameAt(place)] === undefined)
      faults.push(`${place} runs a script when it is installed, and package.json does not decide about it`);
    return faults;
  });
}
