import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Overrides } from "./routes.js";

/** Something a path of the output leads to. `directory` of a function is its real path: links share it. */
export type Entry =
  | { kind: "static"; file: string; contentType: string | undefined }
  | { kind: "function"; directory: string };

export type OutputFiles = { find(path: string): Entry | undefined };

/** Lists the static files and functions of `output` once, so that a request can reach nothing else. */
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
      const directory = /^(?:(.*)\/)?index(?:\.html)?$/.exec(path);
      return directory ? [[directory[1] ?? "", entry] as const] : [];
    }),
  );
  return {
    find(path) {
      // An encoded slash is part of a name, and no name has one.
      if (/%2f/i.test(path)) return undefined;
      const name = decodeURIComponent(path).slice(1);
      return entries.get(name) ?? indexes.get(name.replace(/(?<=[^/])\/$/, ""));
    },
  };
}

async function listStatic(directory: string): Promise<string[]> {
  const entries = await readdirOrNone(directory, true);
  const files: string[] = [];
  for (const entry of entries) {
    if ((await stat(join(directory, entry))).isFile()) files.push(entry.split(sep).join("/"));
  }
  return files;
}

/** Paths and real directories of all functions; a function's own folders hold no further ones. */
async function listFunctions(root: string, prefix = ""): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const name of await readdirOrNone(join(root, prefix))) {
    const path = `${prefix}${name}`;
    if (path.endsWith(".func"))
      found.push([path.slice(0, -".func".length), await realpath(join(root, path))]);
    else if ((await stat(join(root, path))).isDirectory())
      found.push(...(await listFunctions(root, `${path}/`)));
  }
  return found;
}

async function readdirOrNone(directory: string, recursive = false): Promise<string[]> {
  try {
    return await readdir(directory, { recursive });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
