import { join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { trimDriver } from "./driver.js";
import { leaveOut } from "./left-out.js";

/** Holds a binary of this platform, so it travels as files next to the bundle. */
export const nativePackage = "@node-rs/argon2";

/** What a bundle contains, as paths from the root: `modules` all of it, `eager` what its import loads. */
export type Bundle = { modules: string[]; eager: string[] };

/** Bundled CommonJS dependencies call `require`, which an ES module does not have. */
const requireBanner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const options = {
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: [nativePackage],
  define: { "process.env.NODE_ENV": '"production"' },
  banner: { js: requireBanner },
  legalComments: "none",
  logLevel: "silent",
  metafile: true,
} as const satisfies BuildOptions;

/** What a function is made of: a file of the project, or a text that imports some of them. */
export type BundleEntry = { outDir: string } & ({ file: string } | { source: string });

/**
 * Bundles each entry to index.mjs of its folder, all in one run, so that what they share is parsed once. What a file
 * imports lazily stands in its bundle, but runs only when it is imported.
 */
export async function bundleFunctions(
  root: string,
  functionsDir: string,
  entries: BundleEntry[],
): Promise<Map<string, Bundle>> {
  const nameOf = ({ outDir }: BundleEntry) => relative(functionsDir, outDir);
  const sources = new Map(
    entries.flatMap((entry) => ("source" in entry ? [[nameOf(entry), entry.source] as const] : [])),
  );
  const { metafile } = await build({
    ...options,
    plugins: [leaveOut, trimDriver, writtenSources(root, sources)],
    absWorkingDir: root,
    outdir: functionsDir,
    entryPoints: entries.map((entry) => ({
      in: "file" in entry ? entry.file : nameOf(entry),
      out: relative(functionsDir, join(entry.outDir, "index")),
    })),
  });
  return new Map(
    entries.map(({ outDir }) => [outDir, contents(metafile, relative(root, `${outDir}/index.mjs`))]),
  );
}

/** Lets esbuild find texts that are no files, by their names. */
function writtenSources(root: string, sources: ReadonlyMap<string, string>): Plugin {
  return {
    name: "written-sources",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.func$/ }, ({ path, kind }) =>
        kind === "entry-point" && sources.has(path) ? { path, namespace: "written" } : undefined,
      );
      onLoad({ filter: /^/, namespace: "written" }, ({ path }) => ({
        contents: sources.get(path) ?? "",
        resolveDir: root,
      }));
    },
  };
}

function contents({ inputs, outputs }: Metafile, entry: string): Bundle {
  const { inputs: parts = {}, imports = [], entryPoint = "" } = outputs[entry] ?? {};
  const bundled = Object.keys(parts).filter((input) => (parts[input]?.bytesInOutput ?? 0) > 0);
  const external = imports.map(({ path }) => path).filter((path) => !path.startsWith("node:"));
  const modules = [...new Set([...bundled, ...external])].sort();
  // A Set iterates over what is added on the way.
  const loaded = new Set([entryPoint]);
  for (const module of loaded) {
    const eagerly = (inputs[module]?.imports ?? []).filter(({ kind }) => kind !== "dynamic-import");
    for (const { path } of eagerly) loaded.add(path);
  }
  return { modules, eager: modules.filter((module) => loaded.has(module)) };
}
