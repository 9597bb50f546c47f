import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Overrides } from "./routes.js";

/** A file or function of the output. `directory` is a real path, which linked functions share. */
export type Entry =
  | { kind: "static"; file: string; contentType: string | undefined }
  | { kind: "function"; directory: string };

export type OutputFiles = { find(path: string): Entry | undefined };

/** Lists the static files and functions of `output` once; requests can reach only these. */
export async function listOutput(output: string, overrides: Overrides): Promise<OutputFiles> {
  const entries = new Map<string, Entry>();
  for (const [path, directory] of await listFunctions(join(output, "functions"))) {
    entries.set(path, { kind: "function", directory });
  }
  for (const file of await listStatic(join(output, "static"))) {
    const { path = file, contentType } = overrides[file] ?? {};
    entries.set(path, { kind: "static", file: join(output, "static", file), contentType });
  }
  const indexes = new Map(
    [...entries].flatMap(([path, entry]) => {
      const index = /^(?:(.*)\/)?index(?:\.html)?$/.exec(path);
      return index ? [[index[1] ?? "", entry] as const] : [];
    }),
  );
  return {
    find(path) {
      // An encoded slash would be part of a name, and file names cannot contain one.
      if (/%2f/i.test(path)) return undefined;
      const name = decodeURIComponent(path).slice(1);
      return entries.get(name) ?? indexes.get(name.replace(/(?<=[^/])\/$/, ""));
    },
  };
}

async function listStatic(directory: string): Promise<string[]> {
  const entries = await readdirIfExists(directory, true);
  const files: string[] = [];
  for (const entry of entries) {
    if ((await stat(join(directory, entry))).isFile()) files.push(entry.split(sep).join("/"));
  }
  return files;
}

/** Returns path and real directory of each function. Functions do not nest. */
async function listFunctions(root: string, prefix = ""): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const name of await readdirIfExists(join(root, prefix))) {
    const path = `${prefix}${name}`;
    if (path.endsWith(".func"))
      found.push([path.slice(0, -".func".length), await realpath(join(root, path))]);
    else if ((await stat(join(root, path))).isDirectory())
      found.push(...(await listFunctions(root, `${path}/`)));
  }
  return found;
}

async function readdirIfExists(directory: string, recursive = false): Promise<string[]> {
  try {
    return await readdir(directory, { recursive });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
