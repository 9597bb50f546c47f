import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { benchDir } from "./machine/bundles.js";
import { calibrate } from "./machine/calibrate.js";
import { amount, isQuick, outFile, profileDir } from "./machine/options.js";
import { startWorld, type World } from "./machine/world.js";
import { measureColdStarts } from "./measure/cold-start.js";
import { measureNetwork } from "./measure/network.js";
import { writeProfiles } from "./measure/profile.js";
import { measureSizes } from "./measure/sizes.js";
import { describe } from "./report/about.js";
import { writeResults } from "./report/results.js";
import type { Results } from "./report/results-type.js";
import { subjects } from "./subjects/all.js";

const report = (line: string) =>
  console.log(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${line}`);

async function measure(world: World): Promise<Results> {
  const about = await describe(world, `npm run bench${isQuick ? " -- --quick" : ""}`);
  report("cold starts");
  const cold = await measureColdStarts(world, subjects, amount.coldStarts);
  const trip = { loopback: await calibrate(world, "loopback"), delayed: await calibrate(world, "delayed") };
  const loopback = await measureNetwork(world, "loopback", subjects, amount, report);
  const delayed = await measureNetwork(world, "delayed", subjects, amount, report);
  return { about, trip, networks: { loopback, delayed }, cold, sizes: measureSizes(world) };
}

async function main(world: World): Promise<void> {
  if (profileDir !== undefined) return writeProfiles(world, profileDir);
  // A quick run is no result: it must not take the place of one.
  const file = outFile ?? (isQuick ? undefined : join(benchDir, "RESULTS.md"));
  const text = writeResults(await measure(world));
  if (file === undefined) console.log(text);
  else await writeFile(file, text);
  report(file === undefined ? "done" : `written to ${file}`);
}

const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  }
});
interrupted.catch(() => {});

const stops: (() => Promise<unknown>)[] = [];
try {
  report("starting");
  await Promise.race([startWorld(stops).then(main), interrupted]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(error));
  process.exit();
}
