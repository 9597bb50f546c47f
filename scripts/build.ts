import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { allDone } from "./build/all-done.js";
import { writeDocument } from "./build/document.js";
import { checkEnvironment } from "./build/environment.js";
import { type BuiltFunction, writeFunctions } from "./build/functions.js";
import { importTimes } from "./build/import-time.js";
import { outputConfig } from "./build/output-config.js";
import { type BuildMode, planFunctions, readMode } from "./build/plan.js";
import { missingCoreRoutes, reportTable } from "./build/report.js";
import { findRouteFiles } from "./build/route-files.js";
import type { Stated } from "./build/stated.js";
import { writeStaticFiles } from "./build/static-files.js";

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");

export type BuildOptions = {
  outDir: string;
  mode: BuildMode;
  root?: string;
  /** Also import every function in a process of its own and take the time. */
  measure?: boolean;
  /** For a process that builds more than once: its own modules stay as they were at first. */
  stated?: () => Promise<Stated>;
};
export type BuildResult = {
  mode: BuildMode;
  functions: (BuiltFunction & { importMs?: number })[];
  ms: number;
};

/**
 * Builds `root` into `outDir` as Vercel's Build Output API v3 wants it, and `build-report.json` next to it.
 * @throws BuildFailure of esbuild, whose message names the file and line; `outDir` then stays as it was.
 */
export async function build({
  outDir,
  mode,
  root = projectRoot,
  measure = false,
  stated = async () => (await import("./build/stated.js")).statedBy(root),
}: BuildOptions): Promise<BuildResult> {
  const start = performance.now();
  await mkdir(dirname(outDir), { recursive: true });
  const fresh = await mkdtemp(`${outDir}.new-`);
  try {
    const functions = await writeOutput(root, fresh, mode, { measure, stated });
    await swap(fresh, outDir);
    const result = { mode, functions, ms: Math.round(performance.now() - start) };
    await writeFile(join(dirname(outDir), "build-report.json"), JSON.stringify(result, null, 2));
    return result;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function writeOutput(
  root: string,
  dir: string,
  mode: BuildMode,
  { measure, stated }: Required<Pick<BuildOptions, "measure" | "stated">>,
) {
  const routes = await findRouteFiles(root);
  const plan = planFunctions(routes, mode);
  const functionsDir = join(dir, "functions");
  const staticDir = join(dir, "static");
  const [functions, pages, { appPages, ...texts }] = await allDone([
    writeFunctions(root, functionsDir, plan),
    writeStaticFiles(root, staticDir),
    stated(),
  ]);
  const overrides = { ...pages, ...(await writeDocument(staticDir, texts)) };
  const config = outputConfig(plan, routes, overrides, appPages);
  await writeFile(join(dir, "config.json"), JSON.stringify(config, null, 2));
  if (!measure) return functions;
  const times = await importTimes(
    functionsDir,
    functions.map(({ name }) => name),
  );
  return functions.map((built) => ({ ...built, importMs: times.get(built.name) ?? Number.NaN }));
}

async function swap(fresh: string, outDir: string): Promise<void> {
  const old = `${fresh}.old`;
  await rename(outDir, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(fresh, outDir);
  await rm(old, { recursive: true, force: true });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    checkEnvironment(process.env);
    const mode = readMode(process.env["FUNCTIONS"] ?? "fit");
    const { functions, ms } = await build({
      outDir: join(projectRoot, ".vercel/output"),
      mode,
      measure: true,
    });
    for (const name of missingCoreRoutes(functions))
      console.warn(`Core route without a file: api/${name}.ts`);
    console.log(`${reportTable(functions)}\n\n${functions.length} functions in ${(ms / 1000).toFixed(1)} s`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
