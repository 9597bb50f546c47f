import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build as bundle, stop } from "esbuild";
import { findRouteFiles } from "./build/route-files.js";
import { build } from "./build.js";
import { root } from "./load-env.js";

/*
 * Measures how long a fresh process takes to import each function: bundled as deployed, and with its dependencies in
 * node_modules. The runs alternate, so that noise on the machine affects both.
 */

const runs = 15;
const run = promisify(execFile);

// The process measures itself, so that Node's own start does not count.
const measureImport = (file: string) =>
  `const start=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});console.log(performance.now()-start)`;

async function importMs(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", measureImport(file)]);
  return Number(stdout.trim().split("\n").at(-1));
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const folder = await mkdtemp(join(tmpdir(), "latchkey-cold-"));
// Inside node_modules, so that the unbundled copy can resolve its dependencies.
const unbundledDir = await mkdtemp(join(root, "node_modules", ".latchkey-cold-"));
try {
  const built = await build({ outDir: join(folder, "output"), mode: "each" });
  await cp(join(folder, "output"), join(folder, "copy"), { recursive: true });
  const routes = await findRouteFiles(root);
  await bundle({
    entryPoints: routes.map(({ file }) => file),
    absWorkingDir: root,
    outdir: unbundledDir,
    outbase: root,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    splitting: true,
    format: "esm",
    platform: "node",
  });
  await stop();

  console.log(`Import time in ms, median of ${runs} fresh processes, Node ${process.versions.node}`);
  console.log(["function".padEnd(28), "bundled", "unbundled", "ratio"].join("  "));
  for (const { file, path } of routes) {
    const bundled = join(folder, "copy", "functions", `${path}.func`, "index.mjs");
    const unbundled = join(unbundledDir, relative(root, file).replace(/\.ts$/, ".mjs"));
    const times: { bundled: number[]; unbundled: number[] } = { bundled: [], unbundled: [] };
    for (let i = 0; i < runs; i += 1) {
      times.bundled.push(await importMs(bundled));
      times.unbundled.push(await importMs(unbundled));
    }
    const [bundledMs, unbundledMs] = [median(times.bundled), median(times.unbundled)];
    console.log(
      [
        path.padEnd(28),
        bundledMs.toFixed(0).padStart(7),
        unbundledMs.toFixed(0).padStart(9),
        (unbundledMs / bundledMs).toFixed(1).padStart(5),
      ].join("  "),
    );
  }
  console.log(`${built.functions.length} functions`);
} finally {
  await rm(folder, { recursive: true, force: true });
  await rm(unbundledDir, { recursive: true, force: true });
}
