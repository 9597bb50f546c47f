import { rmSync } from "node:fs";
import { chmod, cp, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { applyMutant, type Mutant } from "./mutant.js";

const projectRoot = resolve(import.meta.dirname, "../..");
const excluded = new Set(["node_modules", ".git", ".vercel", ".data", ".env", ".env.production", "bench"]);

/** A copy of the sources that holds one mutant at a time. It is deleted when the process ends. */
export type SourceCopy = {
  root: string;
  /** Where its tests may leave files. */
  temporary: string;
  /** @returns a function that restores the file */
  apply(mutant: Mutant): Promise<() => Promise<void>>;
};

export async function copySources(): Promise<SourceCopy> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-mutant-"));
  // Postgres and Chromium run as another user and must reach their files in it.
  await chmod(folder, 0o711);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, "project");
  await cp(projectRoot, root, { recursive: true, filter: (path) => !excluded.has(basename(path)) });
  await symlink(join(projectRoot, "node_modules"), join(root, "node_modules"));
  return {
    root,
    temporary: folder,
    async apply(mutant) {
      const file = join(root, mutant.file);
      const source = await readFile(file, "utf8");
      await writeFile(file, applyMutant(mutant, source));
      return () => writeFile(file, source);
    },
  };
}
