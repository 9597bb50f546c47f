import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { sampleDocument } from "./sample-document.js";
import { type Defect, tokens } from "./sample-routes.js";
import { startSampleService } from "./sample-service.js";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
let documentFile: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "openapi-fuzz-"));
  documentFile = join(folder, "openapi.json");
  await writeFile(documentFile, JSON.stringify(sampleDocument));
  return () => rm(folder, { recursive: true });
});

type Outcome = { status: number; output: string };

const runCli = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", cli, ...args], (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });

async function fuzzSample(defect?: Defect): Promise<Outcome> {
  const service = await startSampleService(defect);
  onTestFinished(service.stop);
  const credentials = ["--credential", `token=${tokens.user}`, "--privileged", `token=${tokens.admin}`];
  return runCli(documentFile, service.origin, "--runs", "60", "--seed", "1", ...credentials);
}

test("exits with 0 and a summary when it finds nothing", async () => {
  const { status, output } = await fuzzSample();
  expect(output).toContain("Findings: 0");
  expect(output).toMatch(/^POST \/notes +\d+ +\d+ +\d+ +0$/m);
  expect(status).toBe(0);
});

test("exits with 1 and prints each finding", async () => {
  const { status, output } = await fuzzSample("responds with 500");
  expect(output).toMatch(/^POST \/notes: server error \(/m);
  expect(status).toBe(1);
});

test.each([
  ["a wrong number", ["--runs", "many"], '--runs must be a whole number, not "many".'],
  ["an unknown check", ["--ignore", "luck"], 'unknown check "luck"'],
])("exits with 2 for %s", async (_what, args, message) => {
  const { status, output } = await runCli(documentFile, "http://127.0.0.1:1", ...args);
  expect(output).toContain(message);
  expect(status).toBe(2);
});
