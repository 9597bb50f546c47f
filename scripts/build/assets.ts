import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The address of each script and style sheet, by the name that pages use for it: `index.js` → `/assets/index-3f….js`. */
export type Assets = ReadonlyMap<string, string>;

export const assetsFolder = "assets";

/** Matches the addresses of assets. Caches may keep them, because changed content gets a new address. */
export const assetPattern = `^/${assetsFolder}/[^/]+$`;

/** Writes a file whose name carries a hash of its content, and returns its entry for `Assets`. */
export async function writeAsset(
  staticDir: string,
  name: string,
  content: string | Uint8Array,
): Promise<[name: string, path: string]> {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const path = `/${assetsFolder}/${name.replace(/(?=\.\w+$)/, `-${hash}`)}`;
  const file = join(staticDir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return [name, path];
}

/**
 * Points a page that names `/assets/index.js` to the file with the hash.
 * @throws Error for a name without an asset
 */
export function linkAssets(html: string, assets: Assets): string {
  return html.replace(/(?<= (?:src|href)=")\/assets\/([^"]+)(?=")/g, (_, name: string) => {
    const path = assets.get(name);
    if (!path) throw new Error(`A page refers to /assets/${name}, which the build does not write.`);
    return path;
  });
}
