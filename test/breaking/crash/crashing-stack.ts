import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningResend, startResend } from "../../../dev/resend/start.js";
import { type LogLine, type Stack, startStack } from "../../stack/stack.js";
import type { Random } from "../random.js";

/** A stack whose functions are killed again and again; database and Resend live on. */
export type CrashingStack = {
  sql: Stack["sql"];
  cronSecret: string;
  resend: RunningResend;
  /** Where Resend writes down what it has accepted. */
  resendFolder: string;
  /** The functions that run; waits while there are none. */
  up(): Promise<Stack>;
  /** Tells that a request is about to be sent: after so many comes the next kill. */
  requestBegins(): void;
  kills(): number;
  /** From now on nothing is killed. */
  calm(): Promise<Stack>;
  /** As if the minute were over that a mail belongs to the functions that were to send it. */
  releaseLeases(recipient?: string): Promise<unknown>;
  logs(): LogLine[];
  stop(): Promise<void>;
};

/** A kill strikes while its request is anywhere between its first byte and what follows the answer. */
const maxDelayMs = 40;

export async function startCrashingStack(random: Random, requestsAtOnce: number): Promise<CrashingStack> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-crash-"));
  const resendFolder = join(folder, "resend");
  const apiKey = `re_${randomBytes(12).toString("hex")}`;
  const resend = await startResend({ port: 0, apiKey, dataDir: resendFolder });
  // Who is killed leaves its temporary files behind.
  const env = { RESEND_API_KEY: apiKey, RESEND_BASE_URL: resend.origin, TMPDIR: folder };
  const first = await startStack({ env });
  const lives = [first];
  let current = Promise.resolve(first);
  let lastKill: Promise<unknown> = current;
  let isCalm = false;
  const requestsUntilKill = () => random.between(Math.ceil(requestsAtOnce / 2), 5 * requestsAtOnce);
  let left = requestsUntilKill();

  const releaseLeases = (recipient?: string) =>
    first.sql(
      `update outbox set due_at = now() where sent_at is null and dead_at is null and due_at > now()
          and ($1::text is null or recipient = $1)`,
      [recipient ?? null],
    );

  async function restart(running: Stack): Promise<Stack> {
    await running.kill();
    const deadAt = performance.now();
    await releaseLeases();
    const next = await startStack({ sharing: first });
    // A platform has other functions ready at once: what a start takes here must not use up the grace of a token.
    await first.sql("update sessions set rotated_at = rotated_at + make_interval(secs => $1)", [
      (performance.now() - deadAt) / 1_000,
    ]);
    return next;
  }

  async function killAndRestart(running: Stack, delayMs: number): Promise<Stack> {
    await sleep(delayMs);
    if (isCalm) return running;
    const restarted = restart(running);
    current = restarted;
    lives.push(await restarted);
    left = requestsUntilKill();
    return restarted;
  }

  async function calm(): Promise<Stack> {
    isCalm = true;
    await lastKill;
    return current;
  }

  return {
    sql: first.sql,
    cronSecret: String(first.env["CRON_SECRET"]),
    resend,
    resendFolder,
    up: () => current,
    requestBegins() {
      left -= 1;
      if (left !== 0 || isCalm) return;
      lastKill = current.then((running) => killAndRestart(running, random.between(0, maxDelayMs)));
    },
    kills: () => lives.length - 1,
    calm,
    releaseLeases,
    logs: () => lives.flatMap((stack) => stack.logs()),
    async stop() {
      const last = await calm();
      if (last !== first) await last.stop();
      await first.stop();
      await resend.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
