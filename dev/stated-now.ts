import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Stated } from "../scripts/build/stated.js";
import { bundleChild } from "./bundle-child.js";
import { startBundle } from "./start-child.js";

const schema = z.object({
  document: z.string(),
  problemsPage: z.string(),
  appPages: z.array(z.string()),
}) satisfies z.ZodType<Stated>;

let latest: { bundle: string; stated: Promise<Stated> } | undefined;

/** What the sources state now. They run in a process of their own, and only when one of them has changed. */
export async function statedNow(): Promise<Stated> {
  const bundle = await bundleChild(fileURLToPath(new URL("stated.ts", import.meta.url)));
  if (latest?.bundle !== bundle) latest = { bundle, stated: run(bundle) };
  return latest.stated;
}

async function run(bundle: string): Promise<Stated> {
  const child = await startBundle(bundle, {});
  await child.stop();
  return schema.parse(child.ready);
}
