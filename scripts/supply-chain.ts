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

/** The result of a check: its faults, or a summary when it passed. `skipped` means that it could not run. */
type CheckResult = { faults: string[]; summary: string; skipped?: true };

export async function checkLockfile(): Promise<CheckResult> {
  const packages = await readLockfile(root);
  const faults = lockfileFaults(packages, await readManifest(root));
  const locked = Object.values(packages).filter(({ integrity }) => integrity !== undefined);
  return { faults, summary: `${locked.length} packages, each with a checksum` };
}

/** The text that docs/licences.md should have. */
export async function freshLicences(): Promise<{ text: string; faults: string[]; count: number }> {
  const tree = await deployedTree(root, await readLockfile(root), await readManifest(root));
  return { text: licencesPage(tree), faults: licenceFaults(tree), count: tree.length };
}

export async function checkLicences(): Promise<CheckResult> {
  const { text, faults, count } = await freshLicences();
  const isFresh = (await readFile(page, "utf8").catch(() => "")) === text;
  const stale = isFresh ? [] : ["docs/licences.md is out of date: npm run supply-chain -- --write"];
  return { faults: [...faults, ...stale], summary: `${count} packages, all with an allowed licence` };
}

const isText = (file: string) => !/\.(?:png|ico|woff2?)$/.test(file);

export async function checkSecrets(): Promise<CheckResult> {
  const files = (await projectFiles(fileURLToPath(root))).filter(isText);
  const found = await Promise.all(
    files.map(async (file) => findSecrets(file, await readFile(new URL(file, root), "utf8").catch(() => ""))),
  );
  const faults = found.flat().map(({ file, line, kind }) => `${file}:${line} holds ${kind}`);
  return { faults, summary: `not found in ${files.length} files` };
}

async function checkAudit(): Promise<CheckResult> {
  const audit = await auditProduction(root);
  if (audit.outcome === "found") return { faults: audit.what, summary: "" };
  if (audit.outcome === "clean") return { faults: [], summary: "no known vulnerability" };
  return {
    faults: [],
    summary: `skipped, because the registry could not be reached (${audit.why})`,
    skipped: true,
  };
}

async function checkBuild(): Promise<CheckResult> {
  return { faults: [], summary: `${await buildWithoutScripts(root)} functions respond` };
}

const checks: [string, () => Promise<CheckResult>][] = [
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
      const { faults, summary, skipped } = await check();
      if (faults.length > 0) console.error(`✗ ${name}`);
      else console.log(`${skipped ? "–" : "✓"} ${name}: ${summary}`);
      for (const fault of faults) console.error(`  ${fault}`);
      if (faults.length > 0) process.exitCode = 1;
    } catch (error) {
      reportFailure(`✗ ${name}`, error);
    }
  }
}
