import * as z from "zod";
import { build } from "../scripts/build.js";
import { childConfig, reportReady } from "./child.js";

/*
 * One build in a process of its own: it sees every file as it is now, the contracts that the document is made from
 * included, and what it takes, several hundred MB with esbuild's, ends with it.
 */
const { outDir } = z.object({ outDir: z.string() }).parse(childConfig());
try {
  await build({ outDir, mode: "fit" });
  reportReady({ outDir });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.disconnect?.();
