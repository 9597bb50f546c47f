import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";
import { bundleFile } from "../machine/bundles.js";
import type { World } from "../machine/world.js";
import { act } from "../subjects/dialect.js";
import type { Running, Subject, SubjectId } from "../subjects/subject.js";
import { gather, stepOf } from "./crew.js";
import { type Spread, spread } from "./statistics.js";

const run = promisify(execFile);
const probe = fileURLToPath(new URL("../machine/cold-probe.js", import.meta.url));
const printed = z.object({ importMs: z.number(), answerMs: z.number() });

/** `answer`: from the process's first line to its first answer, import within; `whole`: from spawn to exit. */
export type ColdStart = { import: Spread; answer: Spread; whole: Spread };
export type ColdBundle = { title: string; id: SubjectId; file: string };

/** The bundles whose first answer is a list of 20 tasks, read from the database. */
export const coldBundles = ({ output, bundles }: World): ColdBundle[] => [
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

/** One fresh process after another, each bundle in turn. */
export async function measureColdStarts(
  world: World,
  subjects: readonly Subject[],
  times: number,
): Promise<Map<string, ColdStart>> {
  const readers = await openReaders(world, subjects);
  const taken = new Map<string, { import: number[]; answer: number[]; whole: number[] }>();
  for (let i = 0; i <= times; i += 1) {
    for (const { title, id, file } of coldBundles(world)) {
      const reader = readers.get(id);
      if (!reader) continue;
      const from = performance.now();
      const args = [probe, pathToFileURL(file).href, reader.path, reader.token];
      const { stdout } = await run(process.execPath, args, {
        env: { PATH: process.env["PATH"], ...reader.env },
      });
      const whole = performance.now() - from;
      const { importMs, answerMs } = printed.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
      const so = taken.get(title) ?? { import: [], answer: [], whole: [] };
      // The first time reads the files from the disk.
      if (i > 0) taken.set(title, add(so, importMs, answerMs, whole));
      else taken.set(title, so);
    }
  }
  return new Map(
    [...taken].map(([title, t]) => [
      title,
      { import: spread(t.import), answer: spread(t.answer), whole: spread(t.whole) },
    ]),
  );
}

function add(so: { import: number[]; answer: number[]; whole: number[] }, i: number, a: number, w: number) {
  return { import: [...so.import, i], answer: [...so.answer, a], whole: [...so.whole, w] };
}

type ColdReader = { token: string; path: string; env: Record<string, string> };

/** A token for each subject, and the environment that its token was issued in. */
async function openReaders(world: World, subjects: readonly Subject[]): Promise<Map<SubjectId, ColdReader>> {
  const readers = new Map<SubjectId, ColdReader>();
  const wanted = new Set(coldBundles(world).map(({ id }) => id));
  for (const subject of subjects.filter(({ id }) => wanted.has(id))) {
    const running = await subject.start(world, "loopback");
    try {
      readers.set(subject.id, await openReader(subject, running));
    } finally {
      await running.stop();
    }
  }
  return readers;
}

async function openReader(subject: Subject, running: Running): Promise<ColdReader> {
  const { reader } = await gather(subject, running, false);
  await act(stepOf(subject, "list"), reader);
  const { path } = stepOf(subject, "list").call(reader);
  return { token: reader.kept.token, path, env: running.env };
}
