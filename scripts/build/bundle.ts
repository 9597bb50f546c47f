import { join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { allPatches } from "./patches/all.js";
import { applyPatch } from "./patches/patch.js";
import { withoutDescriptions } from "./without-descriptions.js";

/** Contains a native binary, so its files go next to the bundle. */
export const nativePackage = "@node-rs/argon2";

/** Paths from the root: all `modules` of a bundle, and the `eager` ones that load when it is imported. */
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

/** The source of a function: a project file, or a generated module that imports several. */
export type BundleEntry = { outDir: string } & ({ file: string } | { source: string });

/**
 * Bundles each entry to index.mjs in its folder. One esbuild run parses shared modules once. A lazily imported module
 * is part of the bundle, but runs only when the code imports it.
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
    plugins: [...allPatches.map(applyPatch), withoutDescriptions(root), generatedSources(root, sources)],
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

/** Lets esbuild load generated sources by name. */
function generatedSources(root: string, sources: ReadonlyMap<string, string>): Plugin {
  return {
    name: "generated-sources",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.func$/ }, ({ path, kind }) =>
        kind === "entry-point" && sources.has(path) ? { path, namespace: "generated" } : undefined,
      );
      onLoad({ filter: /^/, namespace: "generated" }, ({ path }) => ({
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
  // Iterating over a Set includes the entries that the loop adds.
  const loaded = new Set([entryPoint]);
  for (const module of loaded) {
    const eagerly = (inputs[module]?.imports ?? []).filter(({ kind }) => kind !== "dynamic-import");
    for (const { path } of eagerly) loaded.add(path);
  }
  return { modules, eager: modules.filter((module) => loaded.has(module)) };
}
