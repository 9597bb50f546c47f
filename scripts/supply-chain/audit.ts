import { execFile } from "node:child_process";
import * as z from "zod";

/** npm's report on known vulnerabilities in production dependencies. */
export type Audit =
  | { outcome: "clean" }
  | { outcome: "found"; what: string[] }
  | { outcome: "unreachable"; why: string };

const vulnerability = z.object({ name: z.string(), severity: z.string(), range: z.string() });
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), vulnerability),
});
/** npm prints this when the request failed: the registry's status, or the system's error. */
const failure = z.object({ message: z.string(), statusCode: z.int().optional() });

const networkCodes = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH"];
const noSuchEndpoint = [404, 405, 501];

/**
 * Reads the output of `npm audit --json`. An unreachable registry is tolerated. Findings, and any other output that is
 * not a report, fail the check.
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
  const failed = failure.safeParse(json);
  if (failed.success && isUnreachable(failed.data)) {
    return { outcome: "unreachable", why: `status ${failed.data.statusCode ?? "unknown"}` };
  }
  throw new Error(`npm audit printed something unexpected: ${printed.slice(0, 300)}`);
}

const isUnreachable = ({ message, statusCode }: z.output<typeof failure>): boolean =>
  statusCode === undefined
    ? networkCodes.some((code) => message.includes(code))
    : statusCode >= 500 || noSuchEndpoint.includes(statusCode);

/** Asks the registry about all dependencies except those for development. */
export const auditProduction = (root: URL): Promise<Audit> =>
  new Promise((resolve, reject) => {
    const options = { cwd: root, maxBuffer: 2 ** 26 };
    // Offline, npm reports no findings without having asked.
    const command = ["audit", "--omit=dev", "--json", "--no-offline"];
    // npm also exits with 1 for a finding, so the output decides.
    execFile("npm", command, options, (error, printed) => {
      if (!printed) return reject(error ?? new Error("npm audit printed nothing"));
      try {
        resolve(readAudit(printed));
      } catch (unreadable) {
        reject(unreadable);
      }
    });
  });
