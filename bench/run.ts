import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { benchDir } from "./machine/bundles.js";
import { calibrate } from "./machine/calibrate.js";
import { startTestbed, type Testbed } from "./machine/testbed.js";
import { isQuick, outFile, profileDir, workload } from "./machine/workload.js";
import { measureColdStarts } from "./measure/cold-start.js";
import { writeProfiles } from "./measure/profile.js";
import { runNetwork } from "./measure/run-network.js";
import { measureSizes } from "./measure/sizes.js";
import { createStepTimer } from "./measure/step-timer.js";
import { writeReport } from "./report/report.js";
import type { Results } from "./report/results.js";
import { describeRun } from "./report/run-details.js";
import { allSubjects, quickSubjects } from "./subjects/all.js";

const subjects = isQuick ? quickSubjects : allSubjects;
const timer = createStepTimer(console.log);

async function measure(testbed: Testbed): Promise<Results> {
  const details = await describeRun(testbed, `npm run bench${isQuick ? " -- --quick" : ""}`);
  timer.begin("cold starts");
  const cold = await measureColdStarts(testbed, subjects, workload.coldStarts);
  timer.begin("trip cost");
  const trip = {
    loopback: await calibrate(testbed, "loopback"),
    delayed: await calibrate(testbed, "delayed"),
  };
  const loopback = await runNetwork(testbed, "loopback", subjects, workload, timer);
  const delayed = await runNetwork(testbed, "delayed", subjects, workload, timer);
  timer.begin("installed sizes");
  return { details, trip, networks: { loopback, delayed }, cold, sizes: measureSizes(testbed) };
}

async function main(testbed: Testbed): Promise<void> {
  if (profileDir !== undefined) return writeProfiles(testbed, profileDir);
  const report = writeReport(await measure(testbed));
  console.log(["", "Time per phase:", ...timer.finish(), ""].join("\n"));
  // The figures of a quick run are too rough to replace RESULTS.md.
  const file = outFile ?? (isQuick ? undefined : join(benchDir, "RESULTS.md"));
  if (file === undefined) return console.log(report);
  await writeFile(file, report);
  console.log(`Report written to ${file}`);
}

const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
  }
});
interrupted.catch(() => {});

const stops: (() => Promise<unknown>)[] = [];
try {
  timer.begin("build and start");
  await Promise.race([startTestbed(stops).then(main), interrupted]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(error));
  process.exit();
}
