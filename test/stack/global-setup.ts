import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { grantAppRole } from "../../db/app-role.js";
import { migrate } from "../../db/migrate.js";
import { startBreachApi } from "../../dev/breach-api.js";
import { startNeon } from "../../dev/neon/start.js";
import { startResend } from "../../dev/resend/start.js";
import { build } from "../../scripts/build.js";
import { type ChromiumLaunch, findChromium } from "../web/chromium.js";
import { appRole } from "./databases.js";
import { startPostgres } from "./postgres.js";

/** Resources that all test files share: the built functions, a migrated template database, a mailbox. */
export type Shared = {
  output: string;
  /** A real Postgres and a Neon endpoint in front of it; null where Postgres cannot start. */
  postgres: { endpoint: string; adminUrl: string; template: string; appPassword: string } | null;
  postgresError: string | null;
  resend: { origin: string; apiKey: string };
  /** An empty API of breached passwords. */
  breachOrigin: string;
  chromium: ChromiumLaunch;
};

declare module "vitest" {
  interface ProvidedContext {
    shared: Shared;
  }
}

const migrations = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const template = "latchkey_template";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of stops.reverse()) await stopOne();
  };
  try {
    project.provide("shared", await start(stops));
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(stops: (() => Promise<void>)[]): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-test-"));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const output = join(folder, "output");
  const apiKey = `re_${randomBytes(12).toString("hex")}`;
  const resend = await startResend({ port: 0, apiKey });
  stops.push(resend.stop);
  const breaches = await startBreachApi();
  stops.push(breaches.stop);
  const [chromium] = await Promise.all([findChromium(), build({ outDir: output, mode: "fit" })]);
  const shared = {
    output,
    resend: { origin: resend.origin, apiKey },
    breachOrigin: breaches.origin,
    chromium,
  };
  try {
    return { ...shared, postgres: await startMigratedPostgres(stops), postgresError: null };
  } catch (error) {
    if (process.env["CI"]) throw error;
    console.warn(`PostgreSQL did not start, so this run skips the tests of races: ${error}`);
    return { ...shared, postgres: null, postgresError: String(error) };
  }
}

async function startMigratedPostgres(stops: (() => Promise<void>)[]): Promise<Shared["postgres"]> {
  const server = await startPostgres({ inMemory: true });
  stops.push(server.stop);
  const startEndpoint = () =>
    startNeon({ backend: { kind: "postgres", host: server.host, port: server.port } });
  const adminUrl = await server.createDatabase(template);
  // Postgres copies a template only while no session uses it, and an endpoint keeps its connections.
  const first = await startEndpoint();
  const owner = { url: adminUrl, endpoint: first.endpoint };
  const appPassword = randomBytes(24).toString("base64url");
  try {
    await migrate({ ...owner, folder: migrations });
    await grantAppRole(owner, { name: appRole, password: appPassword });
  } finally {
    await first.stop();
  }
  const { endpoint, stop } = await startEndpoint();
  stops.push(stop);
  return { endpoint, adminUrl, template, appPassword };
}
