import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";

/** Linux keeps the files of this folder in memory. */
const memory = "/dev/shm";
/** More than the databases of all tests. */
const neededBytes = 4 * 1024 ** 3;

/**
 * The folder in memory if it has room, or that of temporary files. `TMPDIR` decides if it is set. Each test file empties
 * all tables, and each empty table is a new file, which takes a disk several times as long.
 */
export async function roomyFolder(): Promise<string> {
  if (process.env["TMPDIR"]) return tmpdir();
  const freeBytes = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return freeBytes < neededBytes ? tmpdir() : memory;
}
