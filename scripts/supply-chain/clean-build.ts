import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The repository's current files, including untracked ones, without ignored ones. */
export async function projectFiles(root: string): Promise<string[]> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await run("git", list, { cwd: root, maxBuffer: 2 ** 26 });
  return stdout.split("\0").filter(Boolean);
}

async function copyProject(root: string, folder: string): Promise<void> {
  for (const file of await projectFiles(root)) {
    await cp(join(root, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      // The file is deleted, but still in git's index.
      if (error.code !== "ENOENT") throw error;
    });
  }
}

// Without environment variables a function loads completely, including argon2's binary, and returns 503.
const probe = `
const { default: app } = await import(process.argv[1]);
const { status } = await app.fetch(new Request("http://localhost/api/" + process.argv[2]));
console.log(status);`;

/** The status of a GET to a built function without environment variables. */
async function statusOf(file: string, path: string): Promise<number> {
  const command = ["--input-type=module", "--eval", probe, pathToFileURL(file).href, path];
  const { stdout } = await run(process.execPath, command, { env: { PATH: process.env["PATH"] } });
  return Number(stdout.trim().split("\n").at(-1));
}

/**
 * Copies the project, installs its lockfile without install scripts, builds, and sends a request to every function.
 * @returns the number of functions that responded
 */
export async function buildWithoutScripts(root: URL): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-clean-"));
  try {
    await copyProject(fileURLToPath(root), folder);
    const options = { cwd: folder, maxBuffer: 2 ** 26 };
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], options);
    await run("npm", ["run", "build"], options);
    return await requestEach(join(folder, ".vercel/output/functions"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requestEach(functions: string): Promise<number> {
  const entries = await readdir(functions, { recursive: true });
  const files = entries.filter((file) => file.endsWith("index.mjs"));
  for (const file of files) {
    const path = dirname(file)
      .replace(/^api\//, "")
      .replace(/\.func$/, "");
    const status = await statusOf(join(functions, file), path);
    // A path without GET returns 405, after the environment was checked.
    if (![200, 404, 405, 503].includes(status)) throw new Error(`${file} returns ${status}`);
  }
  if (files.length === 0) throw new Error("The build produced no functions.");
  return files.length;
}
