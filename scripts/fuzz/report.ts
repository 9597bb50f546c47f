import type { Sent } from "./caller.js";
import type { Finding, Outcome } from "./run.js";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Bytes as `printf` writes them; all but ASCII by number. */
const printed = (body: string | Uint8Array): string =>
  [...Buffer.from(body)]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x25 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\${byte.toString(8).padStart(3, "0")}`,
    )
    .join("");

/** A command that repeats a request. What would let its reader act as the caller is left to the environment. */
export function curlOf(origin: string, { method, path, headers, body }: Sent): string {
  const shown = Object.entries(headers).map(([name, value]) => `-H ${withoutSecret(name, value)}`);
  // With `-X HEAD` curl would wait for a body.
  const verb = method === "HEAD" ? "-I" : `-X ${method}`;
  const parts = ["curl -i --path-as-is", verb, quoted(origin + path), ...shown];
  if (body === undefined) return parts.join(" ");
  const isPlain = typeof body === "string" && /^[\x20-\x7e]*$/.test(body);
  if (isPlain) return [...parts, `--data-raw ${quoted(body)}`].join(" ");
  return `printf '${printed(body)}' | ${parts.join(" ")} --data-binary @-`;
}

function withoutSecret(name: string, value: string): string {
  const [scheme = "", secret] = value.split(/ (.*)/s);
  if (name === "authorization" && secret) return `"Authorization: ${scheme} $TOKEN"`;
  if (name === "cookie" && /=.{40}/.test(value)) return `"Cookie: ${value.split("=")[0]}=$COOKIE"`;
  // An empty value needs curl's own spelling.
  return value === "" ? quoted(`${name};`) : quoted(`${name}: ${value}`);
}

export function describeFinding(origin: string, { operation, check, why, sent, count }: Finding): string {
  return `${operation}: ${check} (${count}×)\n  ${why.replaceAll("\n", "\\n").slice(0, 500)}\n  ${curlOf(origin, sent)}`;
}

/** How often each operation was asked, and what became of it. */
export function table({ api, tally, seconds }: Outcome): string {
  const row = (name: string, ...cells: (string | number)[]) =>
    [name.padEnd(38), ...cells.map((cell) => String(cell).padStart(8))].join(" ");
  const counts = api.operations.map((op) => tally.of(op));
  const sum = (of: (count: (typeof counts)[number]) => number) =>
    counts.reduce((total, count) => total + of(count), 0);
  const requests = sum((count) => count.requests) + tally.others();
  const limited = sum((count) => count.limited);
  return [
    row("operation", "requests", "accepted", "refused", "limited"),
    ...api.operations.map((op) => {
      const { requests: asked, accepted, refused, limited: tooMany } = tally.of(op);
      return row(`${op.method} ${op.path}`, asked, accepted, refused, tooMany);
    }),
    row("other methods, paths and second looks", tally.others()),
    "",
    `${requests} requests in ${seconds.toFixed(1)} s, ${Math.round(requests / seconds)} a second; ${((100 * limited) / Math.max(1, requests)).toFixed(1)} % answered 429`,
  ].join("\n");
}
