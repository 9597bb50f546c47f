import { rmSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity } from "./activity.js";
import { type LoadedFunction, loadFunction } from "./load-function.js";
import { listOutput, type OutputFiles } from "./output-files.js";
import { type Routes, readRoutes } from "./routes.js";

/** A snapshot of the output. Each function is loaded on its first request; linked functions share an instance. */
export type Deployment = {
  routes: Routes;
  files: OutputFiles;
  activity: Activity;
  load(directory: string): Promise<LoadedFunction>;
  /** Deletes its copy of the output. */
  remove(): Promise<void>;
};

const directories = new Set<string>();
process.on("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Serves a copy outside the project, where a missing file of a bundle does not resolve to the project's node_modules. */
export async function openDeployment(output: string, vercelJson: string | undefined): Promise<Deployment> {
  const directory = await mkdtemp(join(tmpdir(), "local-vercel-"));
  directories.add(directory);
  const remove = async () => {
    await rm(directory, { recursive: true, force: true });
    directories.delete(directory);
  };
  try {
    await cp(output, directory, { recursive: true, verbatimSymlinks: true });
    const { routes, overrides } = await readRoutes(directory, vercelJson);
    const files = await listOutput(directory, overrides);
    return { routes, files, activity: new Activity(), load: loadOnce(), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function loadOnce(): (directory: string) => Promise<LoadedFunction> {
  const loaded = new Map<string, Promise<LoadedFunction>>();
  return (directory) => {
    const known = loaded.get(directory) ?? loadFunction(directory);
    loaded.set(directory, known);
    return known;
  };
}
