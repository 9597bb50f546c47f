import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const lockHolder = z.object({ pid: z.int(), url: z.string(), id: z.string() });
export type LockHolder = z.output<typeof lockHolder>;

export type DataDirectory = {
  /** The folder of the Postgres files. */
  path: string;
  isNew: boolean;
  /** Records that the first start is complete. */
  markComplete(): void;
  release(): void;
};

/**
 * Locks a directory for one process, because PGlite lets two processes write to the same files, which destroys the
 * database. Removes the files of an incomplete first start.
 * @throws Error when another endpoint uses the directory.
 */
export async function openDirectory(directory: string, self: LockHolder): Promise<DataDirectory> {
  await mkdir(directory, { recursive: true });
  const release = await acquireLock(join(directory, "endpoint.lock"), self);
  const path = join(directory, "pgdata");
  const unfinished = join(directory, "unfinished");
  const isNew = existsSync(unfinished) || !existsSync(join(path, "PG_VERSION"));
  if (isNew) {
    writeFileSync(unfinished, "The first start removes this file when it is complete.\n");
    await rm(path, { recursive: true, force: true });
  }
  return { path, isNew, markComplete: () => rmSync(unfinished, { force: true }), release };
}

async function acquireLock(file: string, self: LockHolder): Promise<() => void> {
  const own = `${file}.${self.id}`;
  writeFileSync(own, JSON.stringify(self));
  try {
    while (!linkIfFree(own, file)) {
      const other = readHolder(file);
      if (other && (await isRunning(other))) {
        throw new Error(`${file}: the database is in use by process ${other.pid} (${other.url})`);
      }
      removeStale(file, other, self);
    }
  } finally {
    rmSync(own);
  }
  return () => {
    if (readHolder(file)?.id === self.id) rmSync(file);
  };
}

function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Another start may take the lock between the check and the rename; it then gets the lock back. */
function removeStale(file: string, stale: LockHolder | null, self: LockHolder): void {
  const aside = `${file}.stale.${self.id}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readHolder(aside)?.id !== stale?.id) linkIfFree(aside, file);
  rmSync(aside);
}

function readHolder(file: string): LockHolder | null {
  try {
    return lockHolder.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** Operating systems reuse process ids, so the holder must also confirm its id at its port. */
async function isRunning({ pid, url, id }: LockHolder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  try {
    const response = await fetch(new URL("/control/identity", url), { signal: AbortSignal.timeout(15_000) });
    return (await response.text()) === id;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError";
  }
}
