import type { Package, Packages } from "./lockfile.js";

/** A package that production needs, and where it lies. */
export type Needed = Package & { place: string };

/** The place that Node would find `name` at from `place`: its own folder first, then each above. */
function placeOf(packages: Packages, place: string, name: string): string | undefined {
  for (let folder = place; ; ) {
    const candidate = `${folder}${folder ? "/" : ""}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === "") return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1));
  }
}

/** Everything that the named packages need, with themselves, sorted by place. @throws when one is not locked */
export function productionTree(packages: Packages, roots: readonly string[]): Needed[] {
  const found = new Map<string, Needed>();
  const visit = (from: string, name: string, isOptional: boolean): void => {
    const place = placeOf(packages, from, name);
    const one = place === undefined ? undefined : packages[place];
    if (place === undefined || !one) {
      if (isOptional) return;
      throw new Error(`${name}, which ${from || "the project"} needs, is not in package-lock.json`);
    }
    if (found.has(place)) return;
    found.set(place, { ...one, place });
    for (const needed of Object.keys(one.dependencies)) visit(place, needed, false);
    for (const wanted of Object.keys(one.optionalDependencies)) visit(place, wanted, true);
    // An optional peer is somebody else's choice: it is here only if it is a dependency of its own.
    for (const peer of Object.keys(one.peerDependencies))
      if (!one.peerDependenciesMeta[peer]?.optional) visit(place, peer, false);
  };
  for (const root of roots) visit("", root, false);
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}
