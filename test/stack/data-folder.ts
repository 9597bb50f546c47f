import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";

/** A tmpfs on Linux: its files are in memory. */
const memory = "/dev/shm";
/** More than the databases of all tests need. */
const neededBytes = 4 * 1024 ** 3;

/**
 * The folder in memory if it has room, otherwise that for temporary files. `TMPDIR` overrides both. Each test file empties
 * all tables, which creates a new file per table, and that takes several times as long on a disk.
 */
export async function dataFolder(): Promise<string> {
  if (process.env["TMPDIR"]) return tmpdir();
  const freeBytes = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return freeBytes < neededBytes ? tmpdir() : memory;
}
