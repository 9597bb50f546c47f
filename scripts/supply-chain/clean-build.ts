import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The files of the repository as they are now, with those that git does not know yet, without what it ignores. */
export async function projectFiles(root: string): Promise<string[]> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await run("git", list, { cwd: root, maxBuffer: 2 ** 26 });
  return stdout.split("\0").filter(Boolean);
}

async function copyProject(root: string, folder: string): Promise<void> {
  for (const file of await projectFiles(root)) {
    await cp(join(root, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      // Deleted, and git has not been told yet.
      if (error.code !== "ENOENT") throw error;
    });
  }
}

// Without variables a function answers 503 as soon as it has loaded all that it consists of, argon2's binary too.
const probe = `
const { default: app } = await import(process.argv[1]);
const { status } = await app.fetch(new Request("http://localhost/api/" + process.argv[2]));
console.log(status);`;

/** How a built function answers a GET where nothing is configured. */
async function answerOf(file: string, path: string): Promise<number> {
  const command = ["--input-type=module", "--eval", probe, pathToFileURL(file).href, path];
  const { stdout } = await run(process.execPath, command, { env: { PATH: process.env["PATH"] } });
  return Number(stdout.trim().split("\n").at(-1));
}

/**
 * Installs the lockfile into a copy of the project without running any package's script, builds there, and asks
 * every function for an answer. @returns how many functions answered @throws what failed
 */
export async function buildWithoutScripts(root: URL): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-clean-"));
  try {
    await copyProject(fileURLToPath(root), folder);
    const options = { cwd: folder, maxBuffer: 2 ** 26 };
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], options);
    await run("npm", ["run", "build"], options);
    return await askEach(join(folder, ".vercel/output/functions"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function askEach(functions: string): Promise<number> {
  const entries = await readdir(functions, { recursive: true });
  const files = entries.filter((file) => file.endsWith("index.mjs"));
  for (const file of files) {
    const path = dirname(file)
      .replace(/^api\//, "")
      .replace(/\.func$/, "");
    const status = await answerOf(join(functions, file), path);
    // 405 is for a path without GET, and comes after the variables were looked at.
    if (![200, 404, 405, 503].includes(status)) throw new Error(`${file} answers ${status}`);
  }
  if (files.length === 0) throw new Error("The build has made no function.");
  return files.length;
}
