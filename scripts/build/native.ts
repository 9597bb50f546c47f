import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { nodeFileTrace } from "@vercel/nft";
import { transform } from "esbuild";
import { nativePackage } from "./bundle.js";

/** The files of the native package and of its installed platform package. */
export async function traceNativeFiles(root: string): Promise<string[]> {
  const entry = createRequire(join(root, "package.json")).resolve(nativePackage);
  const base = parse(entry).root;
  const { fileList } = await nodeFileTrace([entry], { base, processCwd: root });
  return [...fileList].map((file) => join(base, file));
}

export async function copyNativeFiles(files: string[], functionDir: string): Promise<void> {
  for (const file of files) {
    // The path after the last node_modules/ is the same in every layout (npm, pnpm, symlinks).
    const relativePath = file.slice(file.lastIndexOf("node_modules"));
    const target = join(functionDir, relativePath);
    await mkdir(dirname(target), { recursive: true });
    if (file.endsWith("package.json")) await writeFile(target, await trimManifest(file));
    else if (file.endsWith(".js")) await writeFile(target, await minify(file));
    else await cp(file, target, { dereference: true });
  }
}

/** Keeps the fields that Node reads to load a package. */
async function trimManifest(file: string): Promise<string> {
  const { name, version, type, main, exports } = JSON.parse(await readFile(file, "utf8"));
  return JSON.stringify({ name, version, type, main, exports });
}

/** The package's loader has a branch for every platform, so minifying it is worthwhile. */
async function minify(file: string): Promise<string> {
  const { code } = await transform(await readFile(file, "utf8"), {
    minify: true,
    platform: "node",
    target: "node20",
  });
  return code;
}
