import { execFile } from "node:child_process";
import * as z from "zod";

/** What npm says of known holes in what production needs. */
export type Audit =
  | { outcome: "clean" }
  | { outcome: "found"; what: string[] }
  | { outcome: "unreachable"; why: string };

const vulnerability = z.object({ name: z.string(), severity: z.string(), range: z.string() });
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), vulnerability),
});
/** npm answers with this when it could not ask: the registry's status, or the system's error. */
const refusal = z.object({ message: z.string(), statusCode: z.int().optional() });

const networkCodes = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH"];
const noSuchEndpoint = [404, 405, 501];

/**
 * Reads what `npm audit --json` printed. Only that nobody could be asked is put up with: whatever else is not a
 * report, and every finding, fails.
 */
export function readAudit(printed: string): Audit {
  const json: unknown = JSON.parse(printed);
  const reported = report.safeParse(json);
  if (reported.success) {
    const what = Object.values(reported.data.vulnerabilities).map(
      ({ name, severity, range }) => `${name} ${range}: ${severity}`,
    );
    return what.length > 0 ? { outcome: "found", what } : { outcome: "clean" };
  }
  const refused = refusal.safeParse(json);
  if (refused.success && isNobody(refused.data)) {
    return { outcome: "unreachable", why: `status ${refused.data.statusCode ?? "none"}` };
  }
  throw new Error(`npm audit says neither yes nor no: ${printed.slice(0, 300)}`);
}

const isNobody = ({ message, statusCode }: z.output<typeof refusal>): boolean =>
  statusCode === undefined
    ? networkCodes.some((code) => message.includes(code))
    : statusCode >= 500 || noSuchEndpoint.includes(statusCode);

/** Asks the registry about everything but what only the build and the tests need. */
export const auditProduction = (root: URL): Promise<Audit> =>
  new Promise((resolve, reject) => {
    const options = { cwd: root, maxBuffer: 2 ** 26 };
    // Offline, npm finds nothing and says that all is well.
    const command = ["audit", "--omit=dev", "--json", "--no-offline"];
    // It exits with 1 for a finding, too: what it printed decides.
    execFile("npm", command, options, (error, printed) => {
      if (!printed) return reject(error ?? new Error("npm audit printed nothing"));
      try {
        resolve(readAudit(printed));
      } catch (unreadable) {
        reject(unreadable);
      }
    });
  });
