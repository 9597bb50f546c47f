import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { bundleFile } from "../machine/bundles.js";
import type { Testbed } from "../machine/testbed.js";
import { perform } from "../subjects/api.js";
import type { RunningSubject, Subject, SubjectId } from "../subjects/subject.js";
import { type Spread, spread } from "./statistics.js";
import { closeConnections, createTestUsers, operationOf, readerAndAdmin } from "./test-users.js";

const run = promisify(execFile);
const probe = fileURLToPath(new URL("../machine/cold-probe.js", import.meta.url));
const printed = z.object({ importMs: z.number(), responseMs: z.number() });

/**
 * `import` and `response` count from the first line of the process; `response` includes the import. `process` is the
 * time from spawn to exit.
 */
export type ColdStart = { import: Spread; response: Spread; process: Spread };
export type ColdBundle = { title: string; id: SubjectId; file: string };

type Times = { import: number[]; response: number[]; process: number[] };

/** The measured bundles. Each one's first response is a list of 20 tasks from the database. */
export const coldBundles = ({ output, bundles }: Testbed): ColdBundle[] => [
  {
    title: "Latchkey, function of /api/tasks",
    id: "latchkey-function",
    file: join(output, "functions/api/tasks.func/index.mjs"),
  },
  {
    title: "Floor, function of /api/tasks (same driver, no argon2)",
    id: "floor-function",
    file: bundleFile(bundles, "floor/functions/api/tasks.func/index"),
  },
  { title: "Floor, whole (same driver)", id: "floor-function", file: bundleFile(bundles, "floor/whole") },
  { title: "Floor on pg, whole", id: "floor-pg", file: bundleFile(bundles, "floor-pg/cold") },
  { title: "better-auth", id: "better-auth", file: bundleFile(bundles, "better-auth/cold") },
  { title: "Nest tutorial app", id: "nest", file: bundleFile(bundles, "nest/cold") },
];

/** Starts one fresh process after another, taking the bundles in turns. */
export async function measureColdStarts(
  testbed: Testbed,
  subjects: readonly Subject[],
  count: number,
): Promise<Map<string, ColdStart>> {
  const readers = await openReaders(testbed, subjects);
  const measured = new Map<string, Times>();
  // Run 0 reads the files from the disk and is not counted.
  for (let i = 0; i <= count; i += 1) {
    for (const { title, id, file } of coldBundles(testbed)) {
      const reader = readers.get(id);
      if (!reader) continue;
      const started = await startCold(file, reader);
      const times = measured.get(title) ?? { import: [], response: [], process: [] };
      measured.set(title, times);
      if (i === 0) continue;
      times.import.push(started.importMs);
      times.response.push(started.responseMs);
      times.process.push(started.processMs);
    }
  }
  return new Map(
    [...measured].map(([title, times]) => [
      title,
      { import: spread(times.import), response: spread(times.response), process: spread(times.process) },
    ]),
  );
}

type ColdReader = { token: string; path: string; env: Record<string, string> };

async function startCold(file: string, { path, token, env }: ColdReader) {
  const start = performance.now();
  const args = [probe, pathToFileURL(file).href, path, token];
  const { stdout } = await run(process.execPath, args, { env: { PATH: process.env["PATH"], ...env } });
  const processMs = performance.now() - start;
  return { ...printed.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")), processMs };
}

/** Gets a token from each subject, and the environment that the token is valid in. */
async function openReaders(
  testbed: Testbed,
  subjects: readonly Subject[],
): Promise<Map<SubjectId, ColdReader>> {
  const readers = new Map<SubjectId, ColdReader>();
  const measuredIds = new Set(coldBundles(testbed).map(({ id }) => id));
  for (const subject of subjects.filter(({ id }) => measuredIds.has(id))) {
    const running = await subject.start(testbed, "loopback");
    try {
      readers.set(subject.id, await openReader(subject, running));
    } finally {
      await running.stop();
    }
  }
  return readers;
}

async function openReader(subject: Subject, running: RunningSubject): Promise<ColdReader> {
  const users = await createTestUsers(subject, running);
  const list = operationOf(subject, "list");
  await perform(list, users.reader);
  closeConnections(readerAndAdmin(users));
  const { path } = list.request(users.reader);
  return { token: users.reader.state.token, path, env: running.env };
}
