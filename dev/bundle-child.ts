import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/** Below node_modules, so that what is not bundled is found from there. */
const cache = fileURLToPath(new URL("../node_modules/.cache/latchkey/", import.meta.url));

/** A bundle lies elsewhere than its sources, which look for files beside themselves. */
const ownUrls: Plugin = {
  name: "own-urls",
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

/**
 * A module of ours as JavaScript with all it imports, packages apart; the file that Node can run. To start through
 * tsx instead takes half a second of CPU and, as long as the process runs, a compiler of its own.
 */
export async function bundleChild(modulePath: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [modulePath],
    outdir: cache,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "linked",
    logLevel: "silent",
    write: false,
    plugins: [ownUrls],
  });
  const hash = createHash("sha256");
  for (const { path, contents } of outputFiles) hash.update(path).update(contents);
  // Named after what it holds: whoever finds it there, be it another process that starts now, has the right one.
  const dir = join(cache, hash.digest("hex").slice(0, 32));
  if (!(await isThere(dir))) {
    const fresh = `${dir}.${randomUUID()}`;
    for (const { path, contents } of outputFiles) {
      const file = join(fresh, relative(cache, path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, contents);
    }
    await rename(fresh, dir).catch(async (error: unknown) => {
      if (!(await isThere(dir))) throw error;
    });
  }
  return join(dir, basename(modulePath).replace(/\.ts$/, ".mjs"));
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
