import { type Database, openDatabase } from "../db/client.js";
import { DatabaseFault, isMissingTable } from "../db/fault.js";
import journal from "../db/migrations/meta/_journal.json" with { type: "json" };
import { type EnvName, variables } from "../lib/env/variables.js";
import { EnvError, readEnv } from "../lib/env.js";
import { countMigrations } from "../lib/system/queries.js";
import { databaseName } from "./database-name.js";
import { examineRole } from "./doctor/database-role.js";
import { examineDeployment } from "./doctor/deployment.js";
import type { Finding } from "./doctor/finding.js";
import { describeTimeZones } from "./doctor/time-zones.js";
import { loadOperatorEnv } from "./operator-env.js";
import { databaseHint, reportFailure } from "./report-failure.js";

type Source = Record<string, string | undefined>;

const migrateHint = "npm run db:migrate (for production: npm run db:migrate -- --production)";

/** Checks an environment and the database that it names. */
export async function examine(source: Source): Promise<Finding[]> {
  const findings = examineEnv(source);
  const isDatabaseNamed = !findings.some(({ what }) => what.startsWith("DATABASE_URL"));
  return isDatabaseNamed ? [...findings, ...(await examineDatabase(source))] : findings;
}

function examineEnv(source: Source): Finding[] {
  const findings: Finding[] = [];
  try {
    readEnv(Object.keys(variables) as EnvName[], source);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    findings.push(...error.faults.map(({ name, why, hint }) => ({ what: `${name} ${why}`, fix: hint })));
  }
  return [...findings, ...productionFindings(source)];
}

/** Values that are valid but wrong in production. */
function productionFindings(source: Source): Finding[] {
  const findings: Finding[] = [];
  const isProduction = source["VERCEL_ENV"] === "production";
  if (isProduction && source["NEON_FETCH_ENDPOINT"]) {
    findings.push({
      what: "NEON_FETCH_ENDPOINT is set in production",
      fix: variables.NEON_FETCH_ENDPOINT.hint,
    });
  }
  if (isProduction && source["RESEND_BASE_URL"]) {
    findings.push({ what: "RESEND_BASE_URL is set in production", fix: variables.RESEND_BASE_URL.hint });
  }
  if (source["AUTH_SECRET"] && source["AUTH_SECRET"] === source["CRON_SECRET"]) {
    findings.push({ what: "CRON_SECRET equals AUTH_SECRET", fix: variables.CRON_SECRET.hint });
  }
  return findings;
}

function openDatabaseOf(source: Source): Database {
  const env = readEnv(["DATABASE_URL"], { DATABASE_URL: source["DATABASE_URL"] });
  return openDatabase({ url: env.DATABASE_URL, endpoint: source["NEON_FETCH_ENDPOINT"] });
}

async function examineDatabase(source: Source): Promise<Finding[]> {
  const db = openDatabaseOf(source);
  try {
    const row = await db.maybeOne(countMigrations);
    const pending = journal.entries.length - (row?.count ?? 0);
    if (pending === 0) return await examineRole(db);
    if (pending < 0) {
      return [{ what: "The database has migrations that this code lacks", fix: "Deploy the latest code." }];
    }
    return [
      {
        what: `${pending} of ${journal.entries.length} migrations are not applied`,
        fix: migrateHint,
      },
    ];
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error;
    if (isMissingTable(error)) return [{ what: "The migrations were never applied", fix: migrateHint }];
    return [{ what: `The database cannot be used (${error.message})`, fix: databaseHint(error) }];
  }
}

const isError = ({ isWarning }: Finding) => !isWarning;

const print = ({ what, fix, isWarning }: Finding, name = "") =>
  console.error(`${isWarning ? "!" : "✗"} ${name}${what}\n  ${fix}`);

export async function run(source: Source): Promise<number> {
  console.log(`Database: ${databaseName(source)}`);
  const findings = await examine(source);
  for (const finding of findings) print(finding);
  if (findings.some(isError)) return 1;
  console.log("✓ Every variable is set and valid, and every migration is applied.");
  console.log(await describeTimeZones(openDatabaseOf(source)));
  return 0;
}

async function runAgainst(url: string, env: Source): Promise<number> {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    console.error(`✗ ${url} is not an http(s) URL\n  npm run doctor -- https://app.example.com`);
    return 1;
  }
  console.log(`Database: the one of ${new URL(url).origin}, through its API`);
  const checks = await examineDeployment(url, { env });
  for (const { name, finding } of checks) {
    if (finding) print(finding, `${name}: `);
    else console.log(`✓ ${name}`);
  }
  return checks.some(({ finding }) => finding && isError(finding)) ? 1 : 0;
}

if (process.argv[1]?.endsWith("doctor.ts")) {
  try {
    const [url] = loadOperatorEnv(1);
    process.exitCode = await (url === undefined ? run(process.env) : runAgainst(url, process.env));
  } catch (error) {
    reportFailure("Nothing was checked", error);
  }
}
