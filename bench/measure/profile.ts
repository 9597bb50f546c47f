import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { Testbed } from "../machine/testbed.js";
import { latchkeyFunction } from "../subjects/latchkey.js";
import { runLoad } from "./load.js";
import { closeConnections, createTestUsers, readerAndAdmin } from "./test-users.js";

const seconds = 6;

/** Writes a CPU profile of Latchkey's functions under load, for each of the cheap rows that one person can repeat. */
export async function writeProfiles(testbed: Testbed, folder: string): Promise<void> {
  for (const row of ["me", "list", "create", "refresh"] as const) {
    const dir = resolve(folder, row);
    await mkdir(dir, { recursive: true });
    const nodeOptions = ["--cpu-prof", `--cpu-prof-dir=${dir}`];
    const running = await latchkeyFunction.start(testbed, "loopback", nodeOptions);
    const users = await createTestUsers(latchkeyFunction, running);
    const { perSecond, cpuMs } = await runLoad(latchkeyFunction, running, users, row, seconds);
    closeConnections(readerAndAdmin(users));
    await running.stop();
    console.log(
      `${row}: ${perSecond.toFixed(0)}/s, ${cpuMs.toFixed(2)} CPU ms per request; profile in ${dir}`,
    );
  }
}
