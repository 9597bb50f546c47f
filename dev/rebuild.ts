import { build } from "../scripts/build.js";
import { statedNow } from "./stated-now.js";

/**
 * The compiler stays alive, as a new one takes half a second longer. It would keep up to 280 MB of what it no longer
 * needs; with this (a soft limit of its runtime, Go's) it collects its garbage sooner, for a tenth of a second.
 */
const compilerMemory = "130MiB";

/** Builds the project into `outDir` as it is now. Calls must not overlap. @throws as `build` does. */
export async function rebuild(outDir: string): Promise<void> {
  // esbuild hands our environment to its compiler, which it starts at the first build.
  process.env["GOMEMLIMIT"] ??= compilerMemory;
  await build({ outDir, mode: "fit", stated: statedNow });
}
