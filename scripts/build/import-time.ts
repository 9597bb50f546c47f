import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const script = `
const start = performance.now();
await import(process.argv[1]);
console.log("import-ms", performance.now() - start);
process.exit(0);
`;

/**
 * Measures the milliseconds that a fresh process takes to import each function. The functions are copied outside the
 * project first: inside, a file that is missing from a bundle would resolve to the project's node_modules.
 * @throws Error with the output of the process when a function cannot be imported
 */
export async function importTimes(functionsDir: string, names: string[]): Promise<Map<string, number>> {
  const dir = await mkdtemp(join(tmpdir(), "latchkey-import-"));
  try {
    await cp(functionsDir, dir, { recursive: true, verbatimSymlinks: true });
    const times = new Map<string, number>();
    for (const name of names) times.set(name, await importTime(join(dir, `${name}.func`, "index.mjs")));
    return times;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function importTime(file: string): Promise<number> {
  const args = ["--input-type=module", "--eval", script, pathToFileURL(file).href];
  const { stdout } = await run(process.execPath, args, { env: { PATH: process.env["PATH"] } });
  return Number(/import-ms (\S+)/.exec(stdout)?.[1]);
}
