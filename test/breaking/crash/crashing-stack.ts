import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningResend, startResend } from "../../../dev/resend/start.js";
import { type LogLine, type Stack, startStack } from "../../stack/stack.js";
import type { Random } from "../random.js";

/** A stack whose functions are killed repeatedly, while database and Resend keep running. */
export type CrashingStack = {
  sql: Stack["sql"];
  cronSecret: string;
  resend: RunningResend;
  /** Holds the journal of the emails that Resend has accepted. */
  resendFolder: string;
  /** The running functions; waits during a restart. */
  running(): Promise<Stack>;
  /** Called before each request. The next kill comes after a random number of calls. */
  countRequest(): void;
  kills(): number;
  /** Stops killing. @returns the running functions */
  endKills(): Promise<Stack>;
  /** Ends the leases of unsent emails now, instead of after a minute. */
  expireLeases(recipient?: string): Promise<unknown>;
  logs(): LogLine[];
  stop(): Promise<void>;
};

/** Long enough to hit a request at any point up to the work after its response. */
const maxDelayMs = 40;

export async function startCrashingStack(random: Random, concurrency: number): Promise<CrashingStack> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-crash-"));
  const resendFolder = join(folder, "resend");
  const apiKey = `re_${randomBytes(12).toString("hex")}`;
  const resend = await startResend({ port: 0, apiKey, dataDir: resendFolder });
  // Killed functions leave temporary files behind, so TMPDIR is a folder that `stop` removes.
  const env = { RESEND_API_KEY: apiKey, RESEND_BASE_URL: resend.origin, TMPDIR: folder };
  const first = await startStack({ env });
  const stacks = [first];
  let current = Promise.resolve(first);
  let lastKill: Promise<unknown> = current;
  let hasEnded = false;
  const requestsUntilKill = () => random.between(Math.ceil(concurrency / 2), 5 * concurrency);
  let requestsLeft = requestsUntilKill();

  const expireLeases = (recipient?: string) =>
    first.sql(
      `update outbox set due_at = now() where sent_at is null and dead_at is null and due_at > now()
          and ($1::text is null or recipient = $1)`,
      [recipient ?? null],
    );

  async function restart(running: Stack): Promise<Stack> {
    await running.kill();
    const killedAt = performance.now();
    await expireLeases();
    const next = await startStack({ sharing: first });
    // On Vercel another instance takes over immediately, so a slow restart here must not use up the grace window.
    await first.sql("update sessions set rotated_at = rotated_at + make_interval(secs => $1)", [
      (performance.now() - killedAt) / 1_000,
    ]);
    return next;
  }

  async function killAndRestart(running: Stack, delayMs: number): Promise<Stack> {
    await sleep(delayMs);
    if (hasEnded) return running;
    const restarted = restart(running);
    current = restarted;
    stacks.push(await restarted);
    requestsLeft = requestsUntilKill();
    return restarted;
  }

  async function endKills(): Promise<Stack> {
    hasEnded = true;
    await lastKill;
    return current;
  }

  return {
    sql: first.sql,
    cronSecret: String(first.env["CRON_SECRET"]),
    resend,
    resendFolder,
    running: () => current,
    countRequest() {
      requestsLeft -= 1;
      if (requestsLeft !== 0 || hasEnded) return;
      lastKill = current.then((running) => killAndRestart(running, random.between(0, maxDelayMs)));
    },
    kills: () => stacks.length - 1,
    endKills,
    expireLeases,
    logs: () => stacks.flatMap((stack) => stack.logs()),
    async stop() {
      const last = await endKills();
      if (last !== first) await last.stop();
      await first.stop();
      await resend.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
