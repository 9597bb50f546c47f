import { readdir, readFile } from "node:fs/promises";

/** A `// @proof id` comment. It is live if a test that runs stands on the next line. */
export type Proof = { id: string; isLive: boolean };
export type ProofInFile = Proof & { file: string };

const comment = /^[ \t]*\/\/ @proof\b[ \t]*(.*)\n([^\n]*)/gm;
const runningTest = /^[ \t]*test\b(?!.*\.(?:skip|todo|fails)\b)/;

/** The proofs in a test's source. A skipped suite makes all of them dead. */
export function proofsIn(source: string): Proof[] {
  const hasSkippedSuite = /\bdescribe(?:\.\w+)*\.(?:skip|todo)\b/.test(source);
  return [...source.matchAll(comment)].map(([, id = "", next = ""]) => ({
    id,
    isLive: runningTest.test(next) && !hasSkippedSuite,
  }));
}

const root = new URL("../../", import.meta.url);

/** The proofs of every test file in the repository, with paths from its root. */
export async function allProofs(): Promise<ProofInFile[]> {
  const packages = await readdir(new URL("packages/", root), { withFileTypes: true });
  const folders = packages.filter((entry) => entry.isDirectory()).map(({ name }) => `packages/${name}/test`);
  const files = (await Promise.all(["test", ...folders].map(testFilesIn))).flat();
  const proofs = files.map(async (file) =>
    proofsIn(await readFile(new URL(file, root), "utf8")).map((proof) => ({ ...proof, file })),
  );
  return (await Promise.all(proofs)).flat();
}

async function testFilesIn(folder: string): Promise<string[]> {
  const files = await readdir(new URL(folder, root), { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith(".test.ts")).map((file) => `${folder}/${file}`);
}
