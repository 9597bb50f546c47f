import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const kibibytesPerMegabyte = 1_024;

/** Resident memory by process. */
type MemorySample = { atMs: number; megabytes: Record<string, number> };
export type MemoryWatch = { stop(): MemorySample[] };

/** By parent process and script: the functions are a child of this worker, the Neon endpoint is its sibling. */
const watchedProcesses = {
  functions: [process.pid, "/server.mjs"],
  neon: [process.ppid, "/neon.mjs"],
} as const;

async function residentMegabytes(): Promise<Record<string, number>> {
  const { stdout } = await run("ps", ["-A", "-o", "ppid=,rss=,args="]);
  const found = stdout.split("\n").flatMap((line) => {
    const [, parent, kibibytes, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const match = Object.entries(watchedProcesses).find(
      ([, [ppid, file]]) => Number(parent) === ppid && command.includes(file),
    );
    return match ? [[match[0], Number(kibibytes) / kibibytesPerMegabyte] as const] : [];
  });
  return Object.fromEntries(found);
}

export function watchMemory(everyMs: number): MemoryWatch {
  const startedAt = performance.now();
  const samples: MemorySample[] = [];
  const sample = async () => {
    samples.push({ atMs: performance.now() - startedAt, megabytes: await residentMegabytes() });
  };
  const timer = setInterval(() => void sample(), everyMs);
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}

/** Skips the first fifth, in which caches fill. The slope is by least squares. */
export function memoryTrend(samples: MemorySample[], name: string) {
  const warm = samples.slice(Math.floor(samples.length / 5));
  const points = warm.flatMap(({ atMs, megabytes }) => {
    const y = megabytes[name];
    return y === undefined ? [] : [{ x: atMs / 60_000, y }];
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((p) => p.x)), mean(points.map((p) => p.y))];
  const slope =
    points.reduce((sum, p) => sum + (p.x - x) * (p.y - y), 0) /
    points.reduce((sum, p) => sum + (p.x - x) ** 2, 0);
  const quarter = Math.ceil(points.length / 4);
  const first = mean(points.slice(0, quarter).map((p) => p.y));
  const last = mean(points.slice(-quarter).map((p) => p.y));
  return { name, samples: points.length, megabytesPerMinute: slope, first, last, growth: last / first - 1 };
}
