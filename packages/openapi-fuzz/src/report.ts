import { curlCommand } from "./curl.js";
import type { Report } from "./fuzz.js";
import { nameOfFlaw } from "./response/checks.js";
import type { ReportedFinding } from "./search.js";
import type { Warning } from "./warnings.js";

/** Describes a finding: what is wrong, the evidence, and a command that repeats the request. */
export function formatFinding(baseUrl: string, finding: ReportedFinding): string {
  const { operation, why, request, count } = finding;
  const times = count === 1 ? "once" : `${count} times`;
  return [
    `${operation}: ${nameOfFlaw(finding)} (${times})`,
    `  ${why.replaceAll("\n", "\\n").slice(0, 500)}`,
    `  ${curlCommand(baseUrl, request)}`,
  ].join("\n");
}

export const formatWarning = ({ pointer, message }: Warning): string =>
  `Warning: ${message}\n  at ${pointer}`;

/** The number of requests to each operation, by outcome. */
export function formatSummary({ operations, otherRequests, seconds }: Report): string {
  const names = operations.map(({ method, path }) => `${method} ${path}`);
  const others = "undocumented requests, consistency checks";
  const width = Math.max(others.length, ...names.map((name) => name.length));
  const row = (name: string, ...cells: (string | number)[]) =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(8))].join(" ");
  const requests = operations.reduce((sum, one) => sum + one.requests, otherRequests);
  const limited = operations.reduce((sum, one) => sum + one.limited, 0);
  const limitedPercent = ((100 * limited) / Math.max(1, requests)).toFixed(1);
  return [
    row("operation", "requests", "accepted", "refused", "limited"),
    ...operations.map((one, i) => row(names[i] ?? "", one.requests, one.accepted, one.refused, one.limited)),
    row(others, otherRequests),
    "",
    `${requests} requests in ${seconds.toFixed(1)} s (${Math.round(requests / seconds)} per second); 429 for ${limitedPercent} %`,
  ].join("\n");
}
