import { createHash } from "node:crypto";

/** How fast the machine is, which is not ours alone: what it does of one and the same work in a CPU second. */
export type Pace = {
  /** Over the last two seconds. */
  now(): number;
  /** Since the last call. */
  mean(): number;
  stop(): void;
};

const everyMs = 100;
const rememberedSamples = 20;
const work = Buffer.alloc(1_024 * 1_024, "latchkey");

// Of CPU time: waiting for a core that our own load keeps busy is none of the machine's slowness.
function samplePerSecond(): number {
  const before = process.cpuUsage();
  createHash("sha256").update(work).digest();
  const { user, system } = process.cpuUsage(before);
  return 1_000_000 / Math.max(1, user + system);
}

const meanOf = (samples: number[]) => samples.reduce((sum, one) => sum + one, 0) / samples.length;

export function watchPace(): Pace {
  let samples = [samplePerSecond()];
  const timer = setInterval(() => samples.push(samplePerSecond()), everyMs);
  return {
    now: () => meanOf(samples.slice(-rememberedSamples)),
    mean() {
      const mean = meanOf(samples);
      samples = samples.slice(-1);
      return mean;
    },
    stop: () => clearInterval(timer),
  };
}
