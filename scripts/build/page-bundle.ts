import { basename, join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { assetsFolder } from "./assets.js";

const options = {
  // Unlike `writeAsset`, esbuild can hash chunks that import each other.
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  conditions: ["workspace"],
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  logLevel: "silent",
  metafile: true,
} as const satisfies BuildOptions;

/**
 * Bundles a script or a style sheet at the top of `web/` into `assets/`, and returns its entry for `Assets`. Modules that
 * a script loads with `import()` become chunks.
 */
export async function bundlePageFile(
  root: string,
  name: string,
  staticDir: string,
): Promise<[name: string, path: string]> {
  const file = `web/${name}`;
  const isScript = name.endsWith(".ts");
  const { metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [`./${file}`],
    outdir: join(staticDir, assetsFolder),
    // Makes every chunk import the whole script. Without this, esbuild cuts a piece from the script for each set of
    // chunks that share modules, and the page starts with four requests instead of one.
    inject: isScript ? [`./${file}`] : [],
  });
  return [name.replace(/\.ts$/, ".js"), `/${assetsFolder}/${basename(firstFile(metafile, file))}`];
}

/** The file to start with. That of the entry point may contain only an import of it, which would cost a round trip. */
function firstFile({ outputs }: Metafile, file: string): string {
  for (const [path, { entryPoint, imports }] of Object.entries(outputs)) {
    if (entryPoint !== file) continue;
    const [whole, ...others] = imports.filter(({ kind }) => kind === "import-statement");
    if (others.length > 0) throw new Error(`esbuild has split the start of ${file} into several files.`);
    return whole?.path ?? path;
  }
  throw new Error(`esbuild has written no file for ${file}.`);
}
