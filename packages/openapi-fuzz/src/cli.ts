#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { OpenApiDocument } from "./document/openapi.js";
import { fuzz } from "./fuzz.js";
import type { Callers } from "./options.js";
import { formatFinding, formatSummary, formatWarning } from "./report.js";
import { type Check, checkTitles } from "./response/checks.js";

const usage = `Usage: openapi-fuzz <document> <base URL> [options]

  <document>               URL or path of an OpenAPI 3.1 document in JSON
  <base URL>               where the API is served: http://localhost:3000/v1

  --runs <number>          requests to draw for all operations together (default: 1000)
  --seed <number>          repeats the requests of an earlier run
  --skip <a,b>             operation ids to leave out
  --ignore <a,b>           checks to ignore: ${Object.keys(checkTitles).join(", ")}
  --credential <s=value>   credential for the security scheme s; may be repeated
  --privileged <s=value>   the same, for operations that require roles or scopes

The run sends invalid requests, and creates, changes and deletes data. Use a test environment.
Exit status: 0 without findings, 1 with findings, 2 when the run failed.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string" },
    skip: { type: "string", default: "" },
    ignore: { type: "string", default: "" },
    credential: { type: "string", multiple: true, default: [] },
    privileged: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", short: "h", default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number, not "${text}".`);
}

const list = (text: string): string[] => text.split(",").filter((one) => one !== "");

function checks(text: string): Check[] {
  return list(text).map((name) => {
    const check = Object.keys(checkTitles).find((one): one is Check => one === name);
    if (check) return check;
    throw new Error(`--ignore: unknown check "${name}".`);
  });
}

function callersFrom(credentials: string[], privileged: string[]): Callers {
  const byScheme = (pairs: string[]) =>
    new Map(pairs.map((pair) => [pair.split("=")[0], pair.split(/=(.*)/s)[1] ?? ""]));
  const [ordinary, withRoles] = [byScheme(credentials), byScheme(privileged)];
  return {
    credential: async (scheme, { roles }) => (roles.length > 0 ? withRoles : ordinary).get(scheme),
  };
}

async function readFrom(source: string): Promise<OpenApiDocument> {
  if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, "utf8")) as OpenApiDocument;
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${source} responded with ${response.status}.`);
  return (await response.json()) as OpenApiDocument;
}

async function run(): Promise<number> {
  const [source, baseUrl] = positionals;
  if (values.help || source === undefined || baseUrl === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const report = await fuzz({
    document: await readFrom(source),
    baseUrl,
    runs: wholeNumber("runs", values.runs),
    ...(values.seed === undefined ? {} : { seed: wholeNumber("seed", values.seed) }),
    skip: list(values.skip),
    ignore: checks(values.ignore),
    callers: callersFrom(values.credential, values.privileged),
  });
  for (const warning of report.warnings) console.warn(formatWarning(warning));
  for (const finding of report.findings) console.log(`\n${formatFinding(baseUrl, finding)}`);
  console.log(`\nSeed ${report.seed}\n${formatSummary(report)}`);
  console.log(`Findings: ${report.findings.length}`);
  return report.findings.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
