import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { createAccounts } from "./fuzz/accounts.js";
import { type Given, givenCallers, localCallers } from "./fuzz/callers.js";
import type { Document } from "./fuzz/document.js";
import { startLocalStack } from "./fuzz/local-stack.js";
import { describeFinding, table } from "./fuzz/report.js";
import { fuzz, type Outcome } from "./fuzz/run.js";

const usage = `npm run fuzz -- [options]

  --url U            a deployment; without it, a stack of its own on this machine
  --seed S           repeats the requests of an earlier run
  --runs N           of all operations together, 2000 unless told
  --skip a,b         operations to leave out, by operationId
  --token T, --admin-token T, --cron-secret T, --email E --password P
                     who to be at a deployment; of a test account, whose tasks are changed and deleted

At a deployment, operations that send mail do so, to addresses in example.com and the like.`;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    seed: { type: "string" },
    runs: { type: "string", default: "2000" },
    skip: { type: "string", default: "" },
    token: { type: "string" },
    "admin-token": { type: "string" },
    "cron-secret": { type: "string" },
    email: { type: "string" },
    password: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const wholeNumber = (name: string, text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number`);
  return Number(text);
};

type Settings = { seed: number; runs: number; skip: string[] };

async function documentOf(origin: string): Promise<Document> {
  const answer = await fetch(`${origin}/api/openapi.json`);
  if (!answer.ok) throw new Error(`${origin}/api/openapi.json answered ${answer.status}`);
  return (await answer.json()) as Document;
}

async function fuzzDeployment(url: string, settings: Settings): Promise<number> {
  const { origin } = new URL(url);
  const { token, "admin-token": adminToken, "cron-secret": cronSecret, email, password } = values;
  const given: Given = { token, adminToken, cronSecret, email, password };
  const missing = Object.values(given).every((value) => value === undefined);
  if (missing) console.log("No --token and no --email: only what needs no login is tested.");
  const credentials = givenCallers(createAccounts(origin), given);
  return report(origin, await fuzz({ origin, document: await documentOf(origin), credentials, ...settings }));
}

async function fuzzLocally(settings: Settings): Promise<number> {
  const stack = await startLocalStack();
  try {
    const { origin } = stack;
    const credentials = await localCallers({ accounts: createAccounts(origin), ...stack });
    const document = await documentOf(origin);
    const outcome = await fuzz({ origin, document, credentials, ownsAll: true, ...settings });
    return report(origin, outcome) + reportUntested(outcome) + reportComplaints(stack.complaints());
  } finally {
    await stack.stop();
  }
}

function report(origin: string, outcome: Outcome): number {
  const { findings } = outcome;
  for (const finding of findings) console.log(`\n${describeFinding(origin, finding)}`);
  console.log(`\n${table(outcome)}`);
  console.log(findings.length === 0 ? "No findings." : `${findings.length} findings.`);
  return findings.length;
}

/** An operation that never took what is valid was not tested, whatever else it answered. */
function reportUntested({ api, tally }: Outcome): number {
  const untested = api.operations.filter((op) => tally.of(op).accepted === 0);
  for (const { method, path } of untested) console.log(`${method} ${path} has accepted nothing: not tested.`);
  return untested.length;
}

function reportComplaints(lines: string[]): number {
  for (const line of lines.slice(0, 10)) console.log(`The functions have printed: ${line}`);
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
