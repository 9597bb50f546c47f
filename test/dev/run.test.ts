import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createResendControl } from "@latchkey/local-resend";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateSecrets } from "../../dev/local-secrets.js";
import { freePort } from "../stack/free-port.js";
import { waitFor } from "../stack/stack.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const parts = ["api", "db", "dev", "lib", "scripts", "web", "package.json", "tsconfig.json", "vercel.json"];

let copy: string;
const started: Instance[] = [];

type Instance = { origin: string; printed: () => string; stop: () => Promise<void>; process: ChildProcess };

/** The tests edit a copy of the project, which does not have the developer's `.env`. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "latchkey-dev-"));
  for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
});

afterAll(async () => {
  for (const instance of started) await instance.stop();
  await rm(copy, { recursive: true, force: true });
});

type DevOptions = { args?: string[]; env?: Record<string, string> };

async function runDev(
  dataDir: string,
  port: number,
  { args = [], env = {} }: DevOptions = {},
): Promise<Instance> {
  const { PATH, HOME } = process.env;
  // In a separate process group, as in a terminal: Ctrl-C reaches every process of the group.
  const child = spawn("npm", ["run", "dev", "--", ...args], {
    cwd: copy,
    detached: true,
    env: { PATH, HOME, PORT: String(port), DATA_DIR: dataDir, ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  const exited = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-Number(child.pid), "SIGINT");
    await exited;
  };
  const instance = { origin: `http://localhost:${port}`, printed: () => text, stop, process: child };
  started.push(instance);
  await Promise.race([
    waitFor(() => (/^ready /m.test(text) ? true : undefined), 120_000),
    exited.then(() => Promise.reject(new Error(`npm run dev ended:\n${text}`))),
  ]);
  return instance;
}

/** Returns the memory of each process of the group in MiB, without zombies (Z). */
async function memoryOf({ process: { pid } }: Instance): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pgid=,stat=,rss="]);
  const processes = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  return processes
    .filter(([pgid, stat = ""]) => Number(pgid) === pid && !stat.startsWith("Z"))
    .map(([, , rss]) => Number(rss) / 1024);
}

const isGone = async (instance: Instance) => ((await memoryOf(instance)).length === 0 ? true : undefined);

const register = (origin: string, email: string) =>
  fetch(`${origin}/api/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: "correct horse battery", name: "Ada" }),
  });

async function statusWithHost({ origin }: Instance, host: string): Promise<number> {
  const sent = request(`${origin}/dev/mailbox.json`, { headers: { host } }).end();
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

test("two instances run side by side, rebuild on change, keep their data on Ctrl-C and leave no process", async () => {
  const [portA, portB] = [await freePort(), await freePort()];
  const a = await runDev("data-a", portA);
  const b = await runDev("data-b", portB);
  expect(a.printed()).toContain(
    `ready ${a.origin}  docs ${a.origin}/api/docs  mailbox ${a.origin}/dev/mailbox`,
  );

  for (const path of ["/", "/api/docs", "/dev/mailbox", "/api/openapi.json", "/api/ready", "/problems"]) {
    expect((await fetch(a.origin + path)).status, path).toBe(200);
  }

  expect(await statusWithHost(a, "app.localhost")).toBe(200);
  expect(await statusWithHost(a, "evil.example")).toBe(403);

  expect((await register(a.origin, "ada@example.com")).status).toBe(202);
  const email = await createResendControl(a.origin).waitForMail("ada@example.com");
  expect(email.text).toContain(`${a.origin}/verify-email#token=`);
  const emailsOfB = await (await fetch(`${b.origin}/dev/mailbox.json`)).json();
  expect(emailsOfB).toEqual([]);

  const health = join(copy, "api/health.ts");
  const source = await readFile(health, "utf8");
  await writeFile(health, source.replace("?? null", '?? "edited"'));
  const readHealth = () => fetch(`${a.origin}/api/health`).then((response) => response.json());
  await waitFor(async () => ((await readHealth()).commit === "edited" ? true : undefined), 60_000);
  for (const commit of ["renamed", "renamed again"]) {
    // Many editors save by renaming.
    await writeFile(`${health}.new`, source.replace("?? null", `?? "${commit}"`));
    await rename(`${health}.new`, health);
    await waitFor(async () => ((await readHealth()).commit === commit ? true : undefined), 60_000);
  }
  await writeFile(health, "this is not TypeScript");
  await waitFor(() => (a.printed().includes("not rebuilt") ? true : undefined), 60_000);
  expect((await readHealth()).commit).toBe("renamed again");
  await writeFile(health, source);

  // The Go runtime of the compiler collects its garbage after two idle minutes.
  await waitFor(async () => {
    const mebibytes = (await memoryOf(a)).reduce((sum, one) => sum + one, 0);
    return mebibytes > 0 && mebibytes <= 600 ? true : undefined;
  }, 150_000);

  await a.stop();
  await waitFor(() => isGone(a), 30_000);
  const again = await runDev("data-a", portA);
  const kept = await (await fetch(`${again.origin}/dev/mailbox.json`)).json();
  expect(kept).toHaveLength(1);
  expect((await register(again.origin, "ada@example.com")).status).toBe(202);
}, 600_000);

test("a second instance on the same data fails, and a killed instance does not block the next", async () => {
  const first = await runDev("data-d", await freePort());
  await expect(runDev("data-d", await freePort())).rejects.toThrow(/in use/i);
  expect((await register(first.origin, "ada@example.com")).status).toBe(202);

  process.kill(-Number(first.process.pid), "SIGKILL");
  await waitFor(() => isGone(first), 30_000);
  const second = await runDev("data-d", await freePort());
  expect(second.printed()).toContain("mailbox");
  expect((await fetch(`${second.origin}/api/ready`)).status).toBe(200);
}, 600_000);

test("a database on another machine is refused without --remote, and nothing is created", async () => {
  const env = { DATABASE_URL: "postgresql://me:pass-of-mine@db.invalid/app" };
  const port = await freePort();
  const refused = runDev("data-f", port, { env });
  await expect(refused).rejects.toThrow(
    /app on db\.invalid.*would claim the email.*npm run dev -- --remote/s,
  );
  await expect(refused).rejects.not.toThrow("pass-of-mine");
  await expect(access(join(copy, "data-f"))).rejects.toThrow("ENOENT");

  const accepted = await runDev("data-f", port, { args: ["--remote"], env });
  expect((await fetch(`${accepted.origin}/api/ready`)).status).toBe(503);
}, 600_000);

test("secrets are appended to a file without a final line break", async () => {
  const file = join(copy, "data-e.env");
  await writeFile(file, "DATABASE_URL=postgres://localhost/app");
  const before = process.env;
  process.env = { PATH: before["PATH"] };
  try {
    await generateSecrets(file);
  } finally {
    process.env = before;
  }
  expect(await readFile(file, "utf8")).toMatch(
    /^DATABASE_URL=postgres:\/\/localhost\/app\nAUTH_SECRET=[\w-]{43}\nCRON_SECRET=[\w-]{43}\n$/,
  );
});

test("a port in use is reported", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await expect(runDev("data-c", port)).rejects.toThrow(/in use/i);
  taken.close();
}, 120_000);
