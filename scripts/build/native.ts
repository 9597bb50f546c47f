import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { nodeFileTrace } from "@vercel/nft";
import { transform } from "esbuild";
import { nativePackage } from "./bundle.js";

/** The files of the native package and of the one platform package that is installed. */
export async function traceNativeFiles(root: string): Promise<string[]> {
  const entry = createRequire(join(root, "package.json")).resolve(nativePackage);
  const base = parse(entry).root;
  const { fileList } = await nodeFileTrace([entry], { base, processCwd: root });
  return [...fileList].map((file) => join(base, file));
}

export async function copyNativeFiles(files: string[], functionDir: string): Promise<void> {
  for (const file of files) {
    // What follows the last node_modules/ is the place every layout (npm, pnpm, a link) agrees on.
    const place = file.slice(file.lastIndexOf("node_modules"));
    const target = join(functionDir, place);
    await mkdir(dirname(target), { recursive: true });
    if (file.endsWith("package.json")) await writeFile(target, await forLoading(file));
    else if (file.endsWith(".js")) await writeFile(target, await minified(file));
    else await cp(file, target, { dereference: true });
  }
}

/** What Node looks at to load a package; all else is for people and for npm. */
async function forLoading(file: string): Promise<string> {
  const { name, version, type, main, exports } = JSON.parse(await readFile(file, "utf8"));
  return JSON.stringify({ name, version, type, main, exports });
}

/** The loader spells out every platform there is. */
async function minified(file: string): Promise<string> {
  const { code } = await transform(await readFile(file, "utf8"), {
    minify: true,
    platform: "node",
    target: "node20",
  });
  return code;
}
