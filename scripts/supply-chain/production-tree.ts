import type { Package, Packages } from "./lockfile.js";

/** A package that production needs, and its path in package-lock.json. */
export type NeededPackage = Package & { path: string };

/** Resolves a package like Node: in the importer's own folder first, then in each folder above. */
function pathOf(packages: Packages, from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const candidate = `${folder}${folder ? "/" : ""}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === "") return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1));
  }
}

/** The named packages and all their dependencies, sorted by path. @throws when one is missing from the lockfile */
export function productionTree(packages: Packages, roots: readonly string[]): NeededPackage[] {
  const found = new Map<string, NeededPackage>();
  const visit = (from: string, name: string, isOptional: boolean): void => {
    const path = pathOf(packages, from, name);
    const entry = path === undefined ? undefined : packages[path];
    if (path === undefined || !entry) {
      if (isOptional) return;
      throw new Error(`${name}, which ${from || "the project"} needs, is not in package-lock.json`);
    }
    if (found.has(path)) return;
    found.set(path, { ...entry, path });
    // A link points to a workspace, whose entry lists the dependencies.
    const source = entry.link && entry.resolved !== undefined ? entry.resolved : path;
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      packages[source] ?? entry;
    for (const dependency of Object.keys(dependencies)) visit(source, dependency, false);
    for (const dependency of Object.keys(optionalDependencies)) visit(source, dependency, true);
    // npm does not install an optional peer. If it is needed, another package depends on it.
    for (const peer of Object.keys(peerDependencies))
      if (!peerDependenciesMeta[peer]?.optional) visit(source, peer, false);
  };
  for (const root of roots) visit("", root, false);
  // Workspaces are the project's own code. Their dependencies are not.
  const thirdParty = [...found.values()].filter(({ link }) => !link);
  return thirdParty.sort((a, b) => (a.path < b.path ? -1 : 1));
}
