import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { DerivedFiles } from "../scripts/build/derived-files.js";
import { bundleChild } from "./bundle-child.js";
import { startBundle } from "./start-child.js";

const schema = z.object({
  document: z.string(),
  problemsPage: z.string(),
  appPages: z.array(z.string()),
}) satisfies z.ZodType<DerivedFiles>;

let latest: { bundle: string; derived: Promise<DerivedFiles> } | undefined;

/** Runs the current sources in a separate process, and only when one of them has changed. */
export async function deriveCurrentFiles(): Promise<DerivedFiles> {
  const bundle = await bundleChild(fileURLToPath(new URL("derived-files-process.ts", import.meta.url)));
  if (latest?.bundle !== bundle) latest = { bundle, derived: runBundle(bundle) };
  return latest.derived;
}

async function runBundle(bundle: string): Promise<DerivedFiles> {
  const child = await startBundle(bundle, {});
  await child.stop();
  return schema.parse(child.ready);
}
