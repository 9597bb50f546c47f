import { execFileSync } from "node:child_process";
import { cpus, loadavg, platform, release, totalmem } from "node:os";
import pg from "pg";
import { benchDir } from "../machine/bundles.js";
import type { Testbed } from "../machine/testbed.js";
import { versionOf } from "../measure/installed.js";
import { projectDir, readDependencies } from "../measure/sizes.js";

/** Command, machine and versions, as lines of Markdown. */
export async function describeRun(testbed: Testbed, command: string): Promise<string[]> {
  const [cpu] = cpus();
  const load = loadavg().map((average) => average.toFixed(1));
  const versions = (root: string) =>
    Object.keys(readDependencies(root))
      .map((name) => `${name} ${versionOf(root.replace(/\/$/, ""), name)}`)
      .join(", ");
  return [
    `- Command: \`${command}\`, ${new Date().toISOString().slice(0, 10)}, commit ${commit()}`,
    `- Machine: ${cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${platform()} ${release()}; load average at the start: ${load.join(", ")}`,
    `- Node ${process.versions.node}, PostgreSQL ${await postgresVersion(testbed)} (loopback, no TLS, fsync off)`,
    `- Latchkey's packages: ${versions(projectDir)}`,
    `- Packages of the other subjects: ${versions(benchDir)}`,
  ];
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: projectDir,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "lib", "db", "api") ? " with changes" : ""}`;
  } catch {
    return "unknown";
  }
}

async function postgresVersion({
  postgres: { host, port, user, password },
  template,
}: Testbed): Promise<string> {
  const client = new pg.Client({ host, port, user, password, database: template });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  await client.end();
  return rows[0]?.server_version ?? "unknown";
}
