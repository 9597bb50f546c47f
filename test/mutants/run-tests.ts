import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { testFile } from "./mutant.js";
import type { Tree } from "./tree.js";

/**
 * How a run ended. Only a test that ran and failed makes it `red`; a build, a setup or a hook that failed makes it
 * `broken`, which proves nothing about the tests.
 */
export type Outcome =
  | { kind: "green" }
  | { kind: "red"; test: string; why: string }
  | { kind: "broken"; why: string };

/** The part of Vitest's JSON report that is read here. */
type Report = {
  success: boolean;
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
};

const limitMsPerFile = 600_000;

/** Runs test files in a copy, up to the first failure. `databaseUrl`: a server for the run alone. */
export async function runTests(tree: Tree, tests: readonly string[], databaseUrl: string): Promise<Outcome> {
  const report = join(tree.temporary, "report.json");
  const vitest = join(tree.root, "node_modules/vitest/vitest.mjs");
  const config = (await standAlone(tree.root, tests)) ? "alone" : "any";
  const options = [
    "--config",
    `test/mutants/${config}.config.ts`,
    "--bail",
    "1",
    "--reporter",
    "json",
    "--outputFile",
    report,
  ];
  await rm(report, { force: true });
  const child = spawn(process.execPath, [vitest, "run", ...tests.map(testFile), ...options], {
    cwd: tree.root,
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl, TMPDIR: tree.temporary },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: limitMsPerFile * tests.length,
  });
  const end = () => child.kill();
  process.once("exit", end);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  await once(child, "close");
  process.off("exit", end);
  const text = await readFile(report, "utf8").catch(() => undefined);
  const outcome = text === undefined ? undefined : outcomeOf(JSON.parse(text) as Report, tests.length);
  return outcome ?? { kind: "broken", why: firstLines(errors) || "no test has run" };
}

/** Whether all of them read nothing but the sources, and so need neither a build nor a database. */
async function standAlone(root: string, tests: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(tests.map((name) => readFile(join(root, testFile(name)), "utf8")));
  return texts.every((text) => {
    const own = [...text.matchAll(/ from "(\.[^"]+)"/g)].map((match) => String(match[1]));
    return own.every((specifier) => /^[./]+\/(lib|db)\//.test(specifier)) && !/\binject\(/.test(text);
  });
}

/** Undefined when no test has run, nor any file of them. `files`: how many were asked for. */
function outcomeOf({ success, numPassedTests, testResults }: Report, files: number): Outcome | undefined {
  const all = testResults.flatMap((file) => file.assertionResults);
  const failed = all.find(({ status }) => status === "failed");
  if (failed) {
    return { kind: "red", test: failed.fullName, why: firstLines(failed.failureMessages?.[0] ?? "", 1) };
  }
  if (success && testResults.length < files) {
    return { kind: "broken", why: `${testResults.length} of ${files} files have run` };
  }
  if (success && numPassedTests > 0) return { kind: "green" };
  // Of a hook that failed in a group of tests, the report has no message.
  const failedFiles = testResults.filter(({ status }) => status === "failed");
  const why = firstLines(failedFiles.map(({ name, message }) => message || `failed: ${name}`).join("\n"));
  return why ? { kind: "broken", why } : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
const colours = /\u001b\[\d+m/g;

const firstLines = (text: string, count = 6): string =>
  text
    .replace(colours, "")
    .split("\n")
    .filter((line) => line.trim())
    .slice(0, count)
    .join("\n");
