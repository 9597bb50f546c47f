import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";

/** Addresses of the scripts and style sheets that the page starts with, and those that each chunk on demand adds. */
export type PageAssets = { first: string[]; onDemand: Record<string, string[]> };

const staticFile = (path: string) => readFile(join(inject("shared").output, "static", path));

export const readAsset = (asset: string): Promise<Buffer> => staticFile(asset);

/** Reads the assets from the built page and from the imports of its scripts. */
export async function pageAssets(): Promise<PageAssets> {
  const html = String(await staticFile("index.html"));
  const first = await withImports(matches(html, /="(\/assets\/[^"]+)"/g));
  const sources = await Promise.all(first.map(readAsset));
  const chunks = matches(sources.join("\n"), /\bimport\("\.\/([^"]+)"\)/g);
  const onDemand: PageAssets["onDemand"] = {};
  for (const chunk of chunks) {
    const assets = await withImports([`/assets/${chunk}`]);
    onDemand[chunk.replace(/-\w+\.js$/, "")] = assets.filter((asset) => !first.includes(asset));
  }
  return { first, onDemand };
}

/** Adds the scripts that load together with these assets. */
async function withImports(assets: string[]): Promise<string[]> {
  // Iterating over a Set includes the entries that the loop adds.
  const all = new Set(assets);
  for (const asset of all) {
    const source = String(await readAsset(asset));
    for (const name of matches(source, /\b(?:import|from)"\.\/([^"]+)"/g)) all.add(`/assets/${name}`);
  }
  return [...all];
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);
