import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Alias, readAliases } from "./aliases.js";
import { allDone } from "./all-done.js";
import { type Bundle, bundleFunctions, nativePackage } from "./bundle.js";
import { fallbackRoute } from "./core-routes.js";
import { copyNativeFiles, traceNativeFiles } from "./native.js";
import type { FunctionPlan } from "./plan.js";
import type { RouteFile } from "./route-files.js";
import { sharedFunctionSource } from "./shared-function.js";

/** A function as it was written: `name` is its URL path, `bytes` all its files, of which `nativeBytes` binaries. */
export type BuiltFunction = Bundle & { name: string; routes: string[]; bytes: number; nativeBytes: number };

const functionConfig = {
  runtime: "nodejs24.x",
  handler: "index.mjs",
  launcherType: "Nodejs",
  shouldAddHelpers: false,
  supportsResponseStreaming: true,
  maxDuration: 30,
};

/** Writes a `.func` directory below `functionsDir` for every function of the plan. */
export async function writeFunctions(
  root: string,
  functionsDir: string,
  plan: FunctionPlan[],
): Promise<BuiltFunction[]> {
  let nativeFiles: Promise<string[]> | undefined;
  const folderOf = ({ path }: FunctionPlan) => join(functionsDir, `${path}.func`);
  await mkdir(functionsDir, { recursive: true });
  const aliases = await readAliases(root);
  const bundles = await bundleFunctions(
    root,
    functionsDir,
    plan.map((one) => ({
      outDir: folderOf(one),
      ...(one.shared ? { source: sharedSource(one, aliases) } : { file: onlyRoute(one).file }),
    })),
  );

  async function complete(one: FunctionPlan): Promise<BuiltFunction> {
    const dir = folderOf(one);
    const bundle = bundles.get(dir);
    if (!bundle) throw new Error(`${one.path} was not bundled.`);
    if (bundle.modules.includes(nativePackage)) {
      nativeFiles ??= traceNativeFiles(root);
      await copyNativeFiles(await nativeFiles, dir);
    }
    await writeFile(join(dir, ".vc-config.json"), JSON.stringify(functionConfig));
    return { name: one.path, routes: one.routes.map(({ path }) => path), ...(await sizesOf(dir)), ...bundle };
  }
  return allDone(plan.map(complete));
}

function onlyRoute({ path, routes }: FunctionPlan): RouteFile {
  const [only] = routes;
  if (!only) throw new Error(`${path} serves no route.`);
  return only;
}

function sharedSource(plan: FunctionPlan, aliases: Alias[]): string {
  const fallback = plan.routes.find(({ name }) => name === fallbackRoute) ?? onlyRoute(plan);
  return sharedFunctionSource(plan.routes, fallback, aliases);
}

async function sizesOf(dir: string): Promise<{ bytes: number; nativeBytes: number }> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
  const sizes = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
  const sum = (some: typeof sizes) => some.reduce((total, { size }) => total + size, 0);
  return { bytes: sum(sizes), nativeBytes: sum(sizes.filter(({ file }) => file.endsWith(".node"))) };
}
