import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { migrate } from "../../db/migrate.js";
import { startBreachApi } from "../../dev/breach-api.js";
import { startNeon } from "../../dev/neon/start.js";
import { startResend } from "../../dev/resend/start.js";
import { sampleEnv } from "../../dev/sample-env.js";
import { startServer } from "../../dev/vercel/start.js";
import { build } from "../build.js";
import { root } from "../load-env.js";

export type LocalStack = {
  origin: string;
  cronSecret: string;
  webhookSecret: string;
  grantAdmin(email: string): Promise<void>;
  /** Lets the next emails to an address fail, so that they wait in the outbox. */
  refuseEmails(to: string): Promise<void>;
  /** Log lines that report an error, or are not JSON. */
  errorLines(): string[];
  stop(): Promise<void>;
};

const secret = () => randomBytes(32).toString("base64url");

/** Serves the built functions on this machine, with a database in memory and a mailbox. */
export async function startLocalStack(): Promise<LocalStack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of stops.reverse()) await stopOne();
  };
  const end = () => void stop().finally(() => process.exit(1));
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    return { ...(await start(stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(stops: (() => Promise<void>)[]): Promise<Omit<LocalStack, "stop">> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-fuzz-"));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const output = join(folder, "output");
  const [user, password, apiKey, cronSecret] = ["latchkey", secret(), `re_${secret()}`, secret()];
  const neon = await startNeon({ backend: { kind: "pglite", user, password, database: user } });
  stops.push(neon.stop);
  const resend = await startResend({ port: 0, apiKey });
  stops.push(resend.stop);
  const breaches = await startBreachApi();
  stops.push(breaches.stop);
  await build({ outDir: output, mode: "fit" });
  const url = `postgresql://${user}:${password}@localhost/${user}`;
  await migrate({ url, endpoint: neon.endpoint, folder: join(root, "db/migrations") });
  const database = { DATABASE_URL: url, NEON_FETCH_ENDPOINT: neon.endpoint };
  const env = {
    ...sampleEnv(),
    ...database,
    PATH: process.env["PATH"],
    // With an HTTPS origin the cookie gets the `__Host-` name of the document.
    APP_URL: "https://latchkey.test",
    CRON_SECRET: cronSecret,
    RESEND_API_KEY: apiKey,
    RESEND_BASE_URL: resend.origin,
    PASSWORD_BREACH_URL: breaches.origin,
  };
  const vercelJson = join(root, "vercel.json");
  const server = await startServer({ output, vercelJson, port: 0, devOrigin: resend.origin }, env);
  stops.push(server.stop);
  return {
    origin: server.origin,
    cronSecret,
    webhookSecret: env.RESEND_WEBHOOK_SECRET,
    async grantAdmin(email) {
      const command = ["--import", "tsx", join(root, "scripts/grant-admin.ts"), email];
      const operatorEnv = { ...process.env, ...database, AUTH_SECRET: env.AUTH_SECRET };
      await promisify(execFile)(process.execPath, command, { env: operatorEnv });
    },
    refuseEmails: (to) => resend.control.inject({ fault: "500", to }),
    errorLines: () => server.child.lines.filter(isError),
  };
}

function isError(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { level?: string };
    return level === "error" || level === "fatal";
  } catch {
    return true;
  }
}
