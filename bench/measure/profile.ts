import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { World } from "../machine/world.js";
import { latchkeyFunction } from "../subjects/latchkey.js";
import { dismiss, gather } from "./crew.js";
import { runLoad } from "./load.js";

const seconds = 8;

/** A CPU profile of the function process for each of the cheap rows that can be repeated, under load. */
export async function writeProfiles(world: World, folder: string): Promise<void> {
  for (const row of ["me", "list", "create", "refresh"] as const) {
    const dir = resolve(folder, row);
    await mkdir(dir, { recursive: true });
    const running = await latchkeyFunction.start(world, "loopback", ["--cpu-prof", `--cpu-prof-dir=${dir}`]);
    const crew = await gather(latchkeyFunction, running, true);
    const { perSecond, cpuMs } = await runLoad(latchkeyFunction, running, crew, row, seconds);
    dismiss(crew);
    await running.stop();
    console.log(`${row}: ${perSecond.toFixed(0)}/s, ${cpuMs.toFixed(2)} CPU ms a request; profile in ${dir}`);
  }
}
