import { openDatabase } from "../db/client.js";
import { type AuditReport, verifyAudit } from "../lib/audit/verify.js";
import { keyRing } from "../lib/crypto/keys.js";
import { readEnv } from "../lib/env.js";
import { databaseName } from "./database-name.js";
import { loadOperatorEnv } from "./operator-env.js";
import { reportFailure } from "./report-failure.js";

async function run(): Promise<void> {
  const [until] = loadOperatorEnv(1);
  console.log(`Database: ${databaseName(process.env)}`);
  const env = readEnv(["DATABASE_URL", "AUTH_SECRET"]);
  const report = await verifyAudit({
    ring: keyRing(env.AUTH_SECRET),
    open: () => openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT }),
    unchainedUntil: until === undefined ? undefined : parseTime(until),
  });
  if (report.faults.length === 0) return console.log(summaryOf(report));
  for (const sentence of report.faults) console.error(sentence);
  console.error("The history was tampered with. docs/operate.md says what to do.");
  process.exitCode = 1;
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new Error(
      "The time must look like 2026-12-01T12:00Z: events without a MAC are accepted until then.",
    );
  return time;
}

const summaryOf = ({ chained, unchained }: AuditReport): string =>
  `No event was changed, removed or inserted: ${chained} checked.` +
  (unchained > 0
    ? ` ${unchained} more are from before the chains, or from functions of an older release: they have no MAC.`
    : "");

run().catch((error: unknown) => reportFailure("The history was not verified", error));
