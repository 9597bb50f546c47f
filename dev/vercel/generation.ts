import { rmSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Activity } from "./activity.js";
import { type Launched, launch } from "./launcher.js";
import { listOutput, type OutputFiles } from "./output-files.js";
import { type Routes, readRoutes } from "./routes.js";

/** One state of the output. Functions are imported at their first request; links share an instance. */
export type Generation = {
  routes: Routes;
  files: OutputFiles;
  activity: Activity;
  launch(directory: string): Promise<Launched>;
  /** Removes its files once nothing of it is under way any more. */
  retire(): Promise<void>;
};

const directories = new Set<string>();
process.on("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Copies `output` away first: in the repository, a file the build forgot would be found in node_modules. */
export async function loadGeneration(output: string, vercelJson: string): Promise<Generation> {
  const directory = await mkdtemp(join(tmpdir(), "latchkey-output-"));
  directories.add(directory);
  const remove = async () => {
    await rm(directory, { recursive: true, force: true });
    directories.delete(directory);
  };
  try {
    await cp(output, directory, { recursive: true, verbatimSymlinks: true });
    const { routes, overrides } = await readRoutes(directory, vercelJson);
    const files = await listOutput(directory, overrides);
    const activity = new Activity();
    const retire = async () => {
      await activity.idle();
      await remove();
    };
    return { routes, files, activity, launch: launchOnce(), retire };
  } catch (error) {
    await remove();
    throw error;
  }
}

function launchOnce(): (directory: string) => Promise<Launched> {
  const launched = new Map<string, Promise<Launched>>();
  return (directory) => {
    const known = launched.get(directory) ?? launch(directory);
    launched.set(directory, known);
    return known;
  };
}
