import { rmSync } from "node:fs";
import { chmod, cp, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type Mutant, sabotaged } from "./mutant.js";

const projectRoot = resolve(import.meta.dirname, "../..");
const leftOut = new Set(["node_modules", ".git", ".vercel", ".data", ".env", "bench"]);

/** A copy of the sources in which one file at a time may be spoilt; it is gone when the process ends. */
export type Tree = {
  root: string;
  /** Where its tests may leave files. */
  temporary: string;
  /** @returns what undoes it */
  apply(mutant: Pick<Mutant, "file" | "find" | "replace">): Promise<() => Promise<void>>;
};

export async function copySources(): Promise<Tree> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-mutant-"));
  // Tests start servers in it that run as another user.
  await chmod(folder, 0o711);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, "project");
  await cp(projectRoot, root, { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
  await symlink(join(projectRoot, "node_modules"), join(root, "node_modules"));
  return {
    root,
    temporary: folder,
    async apply(mutant) {
      const file = join(root, mutant.file);
      const source = await readFile(file, "utf8");
      await writeFile(file, sabotaged(source, mutant));
      return () => writeFile(file, source);
    },
  };
}
