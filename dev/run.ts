import { watch } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { grantAppRole } from "../db/app-role.js";
import { migrate } from "../db/migrate.js";
import { dataDirectory, loadEnv, root, runningEnvFile } from "../scripts/load-env.js";
import { ownerVariable } from "../scripts/owner-url.js";
import { startBreachApi } from "./breach-api.js";
import { type LocalDatabase, openLocalDatabase } from "./local-database.js";
import { openLocalMail } from "./local-mail.js";
import { generateSecrets } from "./local-secrets.js";
import { rebuild } from "./rebuild.js";
import { refuseRemoteDatabase } from "./remote-database.js";
import { type Child, keepNoLines } from "./start-child.js";
import { startServer } from "./vercel/start.js";
import { watchTree } from "./watch-tree.js";

const startedAt = performance.now();
const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
/** The sources of a build, without the build scripts, which this process loads only once. */
const watched = ["api", "lib", "db", "web", "scripts/openapi", "scripts/build/docs"];
const debounceMs = 60;
/** The only breached password here, to see how the page shows a refusal. */
const breachedExample = "this password was leaked";

/** Shuts down everything that this process has started, newest first. */
const stops: (() => Promise<void>)[] = [];

async function run(): Promise<void> {
  const { remote } = parseArgs({ options: { remote: { type: "boolean", default: false } } }).values;
  loadEnv();
  if (!remote) refuseRemoteDatabase(process.env);
  await generateSecrets(join(root, ".env"));
  const dataDir = dataDirectory();
  const output = join(dataDir, "output");
  const port = Number(process.env["PORT"] ?? 3000);
  const origin = `http://localhost:${port}`;
  await mkdir(dataDir, { recursive: true });

  const [database] = await Promise.all([openLocalDatabase(dataDir), rebuild(output)]);
  stops.unshift(database.stop);
  if (database.child) superviseChild(database.child);
  // Only after the database, whose lock protects the whole data directory.
  const mail = await openLocalMail(dataDir);
  stops.unshift(mail.stop);
  const breaches = await startBreachApi([breachedExample]);
  stops.unshift(breaches.stop);
  const defaults = { APP_URL: origin, PASSWORD_BREACH_URL: breaches.origin };
  const env = { ...defaults, ...process.env, ...database.env, ...mail.env };
  await migrateLocal(database);

  const vercelJson = join(root, "vercel.json");
  const server = await startServer({ output, vercelJson, port, devOrigin: mail.origin }, env);
  stops.unshift(server.stop);
  superviseChild(server.child);

  const owner = database.ownerUrl === undefined ? {} : { [ownerVariable]: database.ownerUrl };
  await writeRunningEnv({ APP_URL: env.APP_URL, ...database.env, ...owner, ...mail.env });
  onChange(async () => {
    await rebuild(output);
    await server.reload();
  });
  const mailbox = mail.isLocal ? `  mailbox ${origin}/dev/mailbox` : "  email is sent through Resend";
  console.log(`ready ${origin}  docs ${origin}/api/docs${mailbox}  (${seconds()} s)`);
}

/** Prints the lines of a child, and exits when the child does. */
function superviseChild(child: Child): void {
  child.output.on("line", (line) => console.log(line));
  keepNoLines(child);
  child.process.once("exit", () => end(1));
}

async function migrateLocal({ ownerUrl: url, env, appRole }: LocalDatabase): Promise<void> {
  if (url === undefined) return;
  const folder = fileURLToPath(new URL("../db/migrations", import.meta.url));
  const owner = { url, endpoint: env["NEON_FETCH_ENDPOINT"] };
  await migrate({ ...owner, folder });
  if (appRole) await grantAppRole(owner, appRole);
}

/** Lets commands such as `npm run grant-admin` reach the running services. */
async function writeRunningEnv(env: Record<string, string>): Promise<void> {
  const file = runningEnvFile();
  const lines = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(file, lines.join(""), { mode: 0o600 });
  stops.unshift(() => rm(file, { force: true }));
}

/** Calls `act` after files have changed, one call at a time. */
function onChange(act: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const actOnce = async () => {
    const from = performance.now();
    try {
      await act();
      console.log(`rebuilt in ${Math.round(performance.now() - from)} ms`);
    } catch (error) {
      if (isEnding) return;
      const reason = error instanceof Error ? error.message : error;
      console.error(`not rebuilt, still serving the last good build: ${reason}`);
    }
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(actOnce);
    }, debounceMs);
  };
  // Exiting during a build would leave its temporary folder behind.
  stops.unshift(async () => {
    clearTimeout(timer);
    await running;
  });
  for (const folder of watched) {
    const close = watchTree(join(root, folder), schedule);
    stops.unshift(async () => close());
  }
  const rootWatcher = watch(root, (_event, name) => name === "vercel.json" && schedule());
  stops.unshift(async () => rootWatcher.close());
}

let isEnding = false;

async function end(exitCode: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  for (const stop of stops) await stop().catch((error: unknown) => console.error(error));
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(0));

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return end(1);
});
