import { stop as stopCompiler } from "esbuild";
import { build } from "../scripts/build.js";
import { statedNow } from "./stated-now.js";

/** The compiler keeps some 180 MB, and makes the next build half a second faster: worth it while somebody edits. */
const idleMs = 30_000;
let idle: NodeJS.Timeout | undefined;

/** Builds the project into `outDir` as it is now. Calls must not overlap. @throws as `build` does. */
export async function rebuild(outDir: string): Promise<void> {
  clearTimeout(idle);
  try {
    await build({ outDir, mode: "fit", stated: statedNow });
  } finally {
    idle = setTimeout(stopCompiler, idleMs).unref();
  }
}
