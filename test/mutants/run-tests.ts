import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { testFile } from "./mutant.js";
import { firstLines, type Outcome, outcomeOf, type Report } from "./report.js";
import type { SourceCopy } from "./source-copy.js";

const timeoutMsPerFile = 600_000;

/** Runs test files in a copy, up to the first failure. No other run may use the server of `databaseUrl`. */
export async function runTests(
  sources: SourceCopy,
  tests: readonly string[],
  databaseUrl: string,
): Promise<Outcome> {
  const report = join(sources.temporary, "report.json");
  await rm(report, { force: true });
  const errors = await runVitest(sources, tests, report, databaseUrl);
  const text = await readFile(report, "utf8").catch(() => undefined);
  const outcome = text === undefined ? undefined : outcomeOf(JSON.parse(text) as Report, tests.length);
  return outcome ?? { kind: "broken", why: firstLines(errors) || "no test has run" };
}

/** @returns what Vitest wrote to stderr */
async function runVitest(
  { root, temporary }: SourceCopy,
  tests: readonly string[],
  report: string,
  databaseUrl: string,
): Promise<string> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = (await needOnlySources(root, tests)) ? "sources" : "stack";
  const options = ["--config", `test/mutants/${config}.config.ts`, "--bail", "1"];
  const output = ["--reporter", "json", "--outputFile", report];
  const child = spawn(process.execPath, [vitest, "run", ...tests.map(testFile), ...options, ...output], {
    cwd: root,
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl, TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: timeoutMsPerFile * tests.length,
  });
  const end = () => child.kill();
  process.once("exit", end);
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  await once(child, "close");
  process.off("exit", end);
  return errors;
}

/** Whether all of them import only `lib/` and `db/`, and so need neither a build nor servers. */
async function needOnlySources(root: string, tests: readonly string[]): Promise<boolean> {
  const texts = await Promise.all(tests.map((name) => readFile(join(root, testFile(name)), "utf8")));
  return texts.every((text) => {
    const relative = [...text.matchAll(/ from "(\.[^"]+)"/g)].map((match) => String(match[1]));
    return relative.every((specifier) => /^[./]+\/(lib|db)\//.test(specifier)) && !/\binject\(/.test(text);
  });
}
