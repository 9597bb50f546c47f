import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { allDone } from "./build/all-done.js";
import type { DerivedFiles } from "./build/derived-files.js";
import { writeDocument } from "./build/document.js";
import { checkEnvironment, migratesOnDeploy } from "./build/environment.js";
import { type BuiltFunction, writeFunctions } from "./build/functions.js";
import { importTimes } from "./build/import-time.js";
import { outputConfig } from "./build/output-config.js";
import { type BuildMode, planFunctions, readMode } from "./build/plan.js";
import { missingCoreRoutes, reportTable } from "./build/report.js";
import { findRouteFiles } from "./build/route-files.js";
import { writeStaticFiles } from "./build/static-files.js";

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");

export type BuildOptions = {
  outDir: string;
  mode: BuildMode;
  root?: string;
  /** Also measure how long a fresh process takes to import each function. */
  measure?: boolean;
  /** For processes that build repeatedly: the default loads the sources once and would never see an edit. */
  derive?: () => Promise<DerivedFiles>;
};
export type BuildResult = {
  mode: BuildMode;
  functions: (BuiltFunction & { importMs?: number })[];
  ms: number;
};

/**
 * Builds `root` into `outDir` for Vercel's Build Output API v3, and writes `build-report.json` next to it.
 * @throws esbuild's BuildFailure, whose message names the file and line. `outDir` then stays unchanged.
 */
export async function build({
  outDir,
  mode,
  root = projectRoot,
  measure = false,
  derive = async () => (await import("./build/derived-files.js")).deriveFilesOf(root),
}: BuildOptions): Promise<BuildResult> {
  const start = performance.now();
  await mkdir(dirname(outDir), { recursive: true });
  const fresh = await mkdtemp(`${outDir}.new-`);
  try {
    const functions = await writeOutput(root, fresh, mode, { measure, derive });
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
  { measure, derive }: Required<Pick<BuildOptions, "measure" | "derive">>,
) {
  const routes = await findRouteFiles(root);
  const plan = planFunctions(routes, mode);
  const functionsDir = join(dir, "functions");
  const staticDir = join(dir, "static");
  const [functions, web, { appPages, ...texts }] = await allDone([
    writeFunctions(root, functionsDir, plan),
    writeStaticFiles(root, staticDir),
    derive(),
  ]);
  const overrides = { ...web.overrides, ...(await writeDocument(staticDir, texts, web.assets)) };
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

/** Fails the build, and with it the deployment, when the migration fails. */
async function migrateDatabase(): Promise<void> {
  const { applyMigrations } = await import("./apply-migrations.js");
  try {
    console.log(await applyMigrations(process.env));
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`The build stopped because the migration failed: ${why}`);
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    checkEnvironment(process.env);
    const mode = readMode(process.env["FUNCTIONS"] ?? "fit");
    const migrates = migratesOnDeploy(process.env);
    const { functions, ms } = await build({
      outDir: join(projectRoot, ".vercel/output"),
      mode,
      measure: true,
    });
    for (const name of missingCoreRoutes(functions))
      console.warn(`Core route without a file: api/${name}.ts`);
    console.log(`${reportTable(functions)}\n\n${functions.length} functions in ${(ms / 1000).toFixed(1)} s`);
    // Last, so that a build that fails does not change the database.
    if (migrates) await migrateDatabase();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
