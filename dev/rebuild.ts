import { build } from "../scripts/build.js";
import { deriveCurrentFiles } from "./derived-files.js";

/**
 * esbuild's compiler stays alive between builds, since starting one takes half a second. It would keep up to 280 MB
 * of garbage. This soft limit of the Go runtime makes it collect earlier, which costs a tenth of a second.
 */
const compilerMemory = "130MiB";

/** Builds the current sources into `outDir`. Calls must not overlap. @throws as `build` does. */
export async function rebuild(outDir: string): Promise<void> {
  // esbuild starts its compiler at the first build, with the environment of this process.
  process.env["GOMEMLIMIT"] ??= compilerMemory;
  await build({ outDir, mode: "fit", derive: deriveCurrentFiles });
}
