import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Alias, readAliases } from "./aliases.js";
import { allDone } from "./all-done.js";
import { type Bundle, bundleFunctions, nativePackage } from "./bundle.js";
import { fallbackRoute, type SharedFunction } from "./core-routes.js";
import { copyNativeFiles, traceNativeFiles } from "./native.js";
import type { FunctionPlan } from "./plan.js";
import type { RouteFile } from "./route-files.js";
import { sharedFunctionSource } from "./shared-function.js";

/** A built function. `name` is its URL path, `bytes` the size of all its files, `nativeBytes` of its binaries. */
export type BuiltFunction = Bundle & { name: string; routes: string[]; bytes: number; nativeBytes: number };

const functionConfig = {
  runtime: "nodejs24.x",
  handler: "index.mjs",
  launcherType: "Nodejs",
  shouldAddHelpers: false,
  supportsResponseStreaming: true,
  maxDuration: 30,
};

/** Writes a `.func` directory below `functionsDir` for every function in the plan. */
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
    plan.map((planned) => ({
      outDir: folderOf(planned),
      ...(planned.shared
        ? { source: sharedSource(planned, planned.shared, aliases) }
        : { file: onlyRoute(planned).file }),
    })),
  );

  async function complete(planned: FunctionPlan): Promise<BuiltFunction> {
    const dir = folderOf(planned);
    const bundle = bundles.get(dir);
    if (!bundle) throw new Error(`${planned.path} was not bundled.`);
    if (bundle.modules.includes(nativePackage)) {
      nativeFiles ??= traceNativeFiles(root);
      await copyNativeFiles(await nativeFiles, dir);
    }
    await writeFile(join(dir, ".vc-config.json"), JSON.stringify(functionConfig));
    const routes = planned.routes.map(({ path }) => path);
    return { name: planned.path, routes, ...(await sizesOf(dir)), ...bundle };
  }
  return allDone(plan.map(complete));
}

function onlyRoute({ path, routes }: FunctionPlan): RouteFile {
  const [route] = routes;
  if (!route) throw new Error(`${path} serves no route.`);
  return route;
}

function sharedSource(plan: FunctionPlan, { isLazy }: SharedFunction, aliases: Alias[]): string {
  const fallback = plan.routes.find(({ name }) => name === fallbackRoute) ?? onlyRoute(plan);
  return sharedFunctionSource(plan.routes, fallback, aliases, { isLazy });
}

async function sizesOf(dir: string): Promise<{ bytes: number; nativeBytes: number }> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((file) => join(file.parentPath, file.name));
  const sizes = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
  const sum = (some: typeof sizes) => some.reduce((total, { size }) => total + size, 0);
  return { bytes: sum(sizes), nativeBytes: sum(sizes.filter(({ file }) => file.endsWith(".node"))) };
}
