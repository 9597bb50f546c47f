import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import {
  type FuzzOptions,
  formatFinding,
  formatSummary,
  formatWarning,
  fuzz,
  type Report,
} from "@latchkey/openapi-fuzz";
import { createAccounts } from "./fuzz/accounts.js";
import { createLocalIdentities } from "./fuzz/callers.js";
import { conventions } from "./fuzz/conventions.js";
import { createGivenIdentities, type GivenCredentials } from "./fuzz/given-callers.js";
import { startLocalStack } from "./fuzz/local-stack.js";

const usage = `Usage: npm run fuzz -- [options]

  --url <origin>     a deployment; without it, a local stack is started for the run
  --seed <number>    repeats the requests of an earlier run
  --runs <number>    requests to draw for all operations together (default: 2000)
  --skip <a,b>       operation ids to leave out
  --token <token>, --admin-token <token>, --cron-secret <secret>, --webhook-secret <secret>, --email <address> --password <text>
                     credentials at a deployment; use a test account, because its tasks are changed and deleted

At a deployment, operations that send email do so, to addresses in example.com and similar domains.`;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    seed: { type: "string" },
    runs: { type: "string", default: "2000" },
    skip: { type: "string", default: "" },
    token: { type: "string" },
    "admin-token": { type: "string" },
    "cron-secret": { type: "string" },
    "webhook-secret": { type: "string" },
    email: { type: "string" },
    password: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

type Settings = { seed: number; runs: number; skip: string[] };

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number, not "${text}".`);
}

async function fetchDocument(origin: string): Promise<FuzzOptions["document"]> {
  const url = `${origin}/api/openapi.json`;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} responded with ${response.status}.`);
  return (await response.json()) as FuzzOptions["document"];
}

async function fuzzDeployment(url: string, settings: Settings): Promise<number> {
  const { origin } = new URL(url);
  const { token, email, password } = values;
  const given: GivenCredentials = {
    token,
    adminToken: values["admin-token"],
    cronSecret: values["cron-secret"],
    webhookSecret: values["webhook-secret"],
    email,
    password,
  };
  if (Object.values(given).every((value) => value === undefined)) {
    console.log("Without --token or --email, only operations that need no credentials are tested.");
  }
  const identities = createGivenIdentities(createAccounts(origin), given);
  const document = await fetchDocument(origin);
  return printReport(
    origin,
    await fuzz({ ...conventions, ...identities, ...settings, baseUrl: origin, document }),
  );
}

async function fuzzLocally(settings: Settings): Promise<number> {
  const stack = await startLocalStack();
  try {
    const { origin } = stack;
    const identities = await createLocalIdentities({ accounts: createAccounts(origin), ...stack });
    const document = await fetchDocument(origin);
    const report = await fuzz({ ...conventions, ...identities, ...settings, baseUrl: origin, document });
    return printReport(origin, report) + printUntested(report) + printLogErrors(stack.errorLines());
  } finally {
    await stack.stop();
  }
}

function printReport(origin: string, report: Report): number {
  const { findings, warnings } = report;
  for (const warning of warnings) console.log(formatWarning(warning));
  for (const finding of findings) console.log(`\n${formatFinding(origin, finding)}`);
  console.log(`\n${formatSummary(report)}`);
  console.log(findings.length === 0 ? "No findings." : `Findings: ${findings.length}`);
  return findings.length;
}

/** An operation that never accepted a valid request counts as untested, even if it refused invalid ones. */
function printUntested({ operations }: Report): number {
  const untested = operations.filter(({ accepted }) => accepted === 0);
  for (const { method, path } of untested) {
    console.log(`${method} ${path} was not tested: it accepted no request.`);
  }
  return untested.length;
}

function printLogErrors(lines: string[]): number {
  for (const line of lines.slice(0, 10)) console.log(`Logged by a function: ${line}`);
  return lines.length;
}

async function run(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const seed = values.seed === undefined ? randomInt(2 ** 29) : wholeNumber("seed", values.seed);
  const settings = { seed, runs: wholeNumber("runs", values.runs), skip: values.skip.split(",") };
  console.log(`seed ${seed}, ${settings.runs} runs`);
  return values.url === undefined ? fuzzLocally(settings) : fuzzDeployment(values.url, settings);
}

try {
  process.exitCode = (await run()) > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && error.cause) console.error(error.cause);
  process.exitCode = 2;
}
