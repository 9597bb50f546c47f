import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** Inside node_modules, so that Node resolves npm packages from there. */
const cache = fileURLToPath(new URL("../node_modules/.cache/latchkey/", import.meta.url));

/** Sources find their assets by `import.meta.url`, so it keeps the value that it has outside the bundle. */
const sourceUrls: Plugin = {
  name: "source-urls",
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const url = JSON.stringify(pathToFileURL(path).href);
      return {
        contents: source.replaceAll("import.meta.url", url),
        loader: path.endsWith("x") ? "tsx" : "ts",
      };
    });
  },
};

/** Leaves npm packages out of the bundle, but not our workspaces: Node cannot run their TypeScript. */
const npmPackages: Plugin = {
  name: "npm-packages",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || path.startsWith("@latchkey/") ? undefined : { path, external: true },
    );
  },
};

/**
 * Bundles a TypeScript module and its imports into JavaScript; returns the file to run. tsx would cost half a second of
 * CPU, and keep another compiler in memory for the life of the process.
 */
export async function bundleChild(modulePath: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [modulePath],
    outdir: cache,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    conditions: ["workspace"],
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "linked",
    logLevel: "silent",
    write: false,
    plugins: [npmPackages, sourceUrls],
  });
  const hash = createHash("sha256");
  for (const { path, contents } of outputFiles) hash.update(path).update(contents);
  // The name is the hash of the content, so a folder that another process has written holds the same files.
  const dir = join(cache, hash.digest("hex").slice(0, 32));
  if (!(await exists(dir))) {
    const draft = `${dir}.${randomUUID()}`;
    for (const { path, contents } of outputFiles) {
      const file = join(draft, relative(cache, path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, contents);
    }
    await rename(draft, dir).catch(async (error: unknown) => {
      if (!(await exists(dir))) throw error;
    });
  }
  return join(dir, basename(modulePath).replace(/\.ts$/, ".mjs"));
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
