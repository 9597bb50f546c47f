import { join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
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
  const { metafile } = await build({
    ...options,
    plugins: [leaveOut, writtenSources(root, entries)],
    absWorkingDir: root,
    outdir: functionsDir,
    entryPoints: entries.map((entry) => ({
      in: "file" in entry ? entry.file : entry.outDir,
      out: relative(functionsDir, join(entry.outDir, "index")),
    })),
  });
  return new Map(
    entries.map(({ outDir }) => [outDir, contents(metafile, relative(root, `${outDir}/index.mjs`))]),
  );
}

/** Lets esbuild find the text of an entry under the folder it is written to. */
function writtenSources(root: string, entries: BundleEntry[]): Plugin {
  const sources = new Map(
    entries.map((entry) => [entry.outDir, "source" in entry ? entry.source : undefined]),
  );
  return {
    name: "written-sources",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.func$/ }, ({ path, kind }) =>
        kind === "entry-point" && sources.get(path) ? { path, namespace: "written" } : undefined,
      );
      onLoad({ filter: /^/, namespace: "written" }, ({ path }) => ({
        contents: sources.get(path) ?? "",
        resolveDir: root,
      }));
    },
  };
}

function contents({ inputs, outputs }: Metafile, entry: string): Bundle {
  const modules = new Set<string>();
  // A Set iterates over what is added on the way.
  const files = new Set([entry]);
  for (const name of files) {
    const output = outputs[name];
    for (const [input, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
      if (bytesInOutput > 0) modules.add(input);
    }
    for (const { path, external } of output?.imports ?? []) {
      if (!external) files.add(path);
      else if (!path.startsWith("node:")) modules.add(path);
    }
  }
  const loaded = new Set([outputs[entry]?.entryPoint ?? ""]);
  for (const module of loaded) {
    const eagerly = (inputs[module]?.imports ?? []).filter(({ kind }) => kind !== "dynamic-import");
    for (const { path } of eagerly) loaded.add(path);
  }
  return { modules: [...modules].sort(), eager: [...modules].filter((module) => loaded.has(module)).sort() };
}
