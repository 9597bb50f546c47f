import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { reportFailure } from "./report-failure.js";
import { auditProduction } from "./supply-chain/audit.js";
import { buildWithoutScripts, projectFiles } from "./supply-chain/clean-build.js";
import { deployedTree, licenceFaults, licencesPage } from "./supply-chain/licences.js";
import { lockfileFaults, readLockfile, readManifest } from "./supply-chain/lockfile.js";
import { findSecrets } from "./supply-chain/secrets.js";

const root = new URL("../", import.meta.url);
const page = new URL("docs/licences.md", root);

/** What a check found wrong, and what it can say for itself when that is nothing; `skipped`: it could not be made. */
type Checked = { faults: string[]; done: string; skipped?: true };

export async function checkLockfile(): Promise<Checked> {
  const packages = await readLockfile(root);
  const faults = lockfileFaults(packages, await readManifest(root));
  const locked = Object.values(packages).filter(({ integrity }) => integrity !== undefined);
  return { faults, done: `${locked.length} packages, each with its checksum` };
}

/** The text that docs/licences.md should have. */
export async function freshLicences(): Promise<{ text: string; faults: string[]; count: number }> {
  const tree = await deployedTree(root, await readLockfile(root), await readManifest(root));
  return { text: licencesPage(tree), faults: licenceFaults(tree), count: tree.length };
}

export async function checkLicences(): Promise<Checked> {
  const { text, faults, count } = await freshLicences();
  const isFresh = (await readFile(page, "utf8").catch(() => "")) === text;
  const stale = isFresh ? [] : ["docs/licences.md is out of date: npm run supply-chain -- --write"];
  return { faults: [...faults, ...stale], done: `${count} packages, all with a licence of the list` };
}

const isText = (file: string) => !/\.(?:png|ico|woff2?)$/.test(file);

export async function checkSecrets(): Promise<Checked> {
  const files = (await projectFiles(fileURLToPath(root))).filter(isText);
  const found = await Promise.all(
    files.map(async (file) => findSecrets(file, await readFile(new URL(file, root), "utf8").catch(() => ""))),
  );
  const faults = found.flat().map(({ file, line, kind }) => `${file}:${line} holds ${kind}`);
  return { faults, done: `nothing in ${files.length} files` };
}

async function checkAudit(): Promise<Checked> {
  const audit = await auditProduction(root);
  if (audit.outcome === "found") return { faults: audit.what, done: "" };
  if (audit.outcome === "clean") return { faults: [], done: "no known hole" };
  return { faults: [], done: `not done, for nobody could be asked (${audit.why})`, skipped: true };
}

async function checkBuild(): Promise<Checked> {
  return { faults: [], done: `${await buildWithoutScripts(root)} functions answer` };
}

const checks: [string, () => Promise<Checked>][] = [
  ["lockfile", checkLockfile],
  ["licences", checkLicences],
  ["secrets", checkSecrets],
  ["npm audit", checkAudit],
  ["npm ci --ignore-scripts, build", checkBuild],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { write } = parseArgs({ options: { write: { type: "boolean", default: false } } }).values;
  if (write) await writeFile(page, (await freshLicences()).text);
  for (const [name, check] of checks) {
    try {
      const { faults, done, skipped } = await check();
      if (faults.length > 0) console.error(`✗ ${name}`);
      else console.log(`${skipped ? "–" : "✓"} ${name}: ${done}`);
      for (const fault of faults) console.error(`  ${fault}`);
      if (faults.length > 0) process.exitCode = 1;
    } catch (error) {
      reportFailure(`✗ ${name}`, error);
    }
  }
}
