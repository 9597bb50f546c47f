import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const holder = z.object({ pid: z.int(), url: z.string(), id: z.string() });
export type Holder = z.output<typeof holder>;

export type DataDirectory = {
  /** The folder Postgres keeps. */
  path: string;
  isNew: boolean;
  /** To be called when the first start has done all it has to do. */
  completed(): void;
  release(): void;
};

/**
 * Takes a directory for one process. PGlite itself lets two processes write to it, which destroys the database.
 * What a first start left unfinished is removed.
 * @throws Error when another endpoint is using it
 */
export async function openDirectory(directory: string, self: Holder): Promise<DataDirectory> {
  await mkdir(directory, { recursive: true });
  const release = await claim(join(directory, "endpoint.lock"), self);
  const path = join(directory, "pgdata");
  const unfinished = join(directory, "unfinished");
  const isNew = existsSync(unfinished) || !existsSync(join(path, "PG_VERSION"));
  if (isNew) {
    writeFileSync(unfinished, "The first start ends by removing this file.\n");
    await rm(path, { recursive: true, force: true });
  }
  return { path, isNew, completed: () => rmSync(unfinished, { force: true }), release };
}

async function claim(file: string, self: Holder): Promise<() => void> {
  const own = `${file}.${self.id}`;
  writeFileSync(own, JSON.stringify(self));
  try {
    while (!linkUnlessThere(own, file)) {
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

function linkUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Between looking and removing, another start may have taken the lock: then it gets it back. */
function removeStale(file: string, stale: Holder | null, self: Holder): void {
  const aside = `${file}.stale.${self.id}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readHolder(aside)?.id !== stale?.id) linkUnlessThere(aside, file);
  rmSync(aside);
}

function readHolder(file: string): Holder | null {
  try {
    return holder.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** A process id alone proves nothing, as ids are used again: the holder has to give its name at its port. */
async function isRunning({ pid, url, id }: Holder): Promise<boolean> {
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
