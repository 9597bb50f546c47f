import type { HttpRequest } from "./run/connection.js";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Bytes for `printf`, with everything but plain ASCII as octal escapes. */
const printfText = (body: string | Uint8Array): string =>
  [...Buffer.from(body)]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x25 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\${byte.toString(8).padStart(3, "0")}`,
    )
    .join("");

/** A command that repeats a request. `$TOKEN`, `$COOKIE` and `$KEY` replace secrets, so reports can be shared. */
export function curlCommand(baseUrl: string, { method, path, headers, body }: HttpRequest): string {
  const shown = Object.entries(headers).map(([name, value]) => `-H ${headerArgument(name, value)}`);
  // With `-X HEAD` curl would wait for a body.
  const verb = method === "HEAD" ? "-I" : `-X ${method}`;
  const url = quoted(baseUrl.replace(/\/$/, "") + path);
  const parts = ["curl -i --path-as-is", verb, url, ...shown];
  if (body === undefined) return parts.join(" ");
  const isPlain = typeof body === "string" && /^[\x20-\x7e]*$/.test(body);
  if (isPlain) return [...parts, `--data-raw ${quoted(body)}`].join(" ");
  return `printf '${printfText(body)}' | ${parts.join(" ")} --data-binary @-`;
}

function headerArgument(name: string, value: string): string {
  const [scheme = "", secret] = value.split(/ (.*)/s);
  if (name === "authorization" && secret) return `"Authorization: ${scheme} $TOKEN"`;
  if (name === "cookie" && /=.{40}/.test(value)) return `"Cookie: ${value.split("=")[0]}=$COOKIE"`;
  if (/api-?key|token|secret/.test(name) && value !== "") return `"${name}: $KEY"`;
  // curl spells an empty header value with a semicolon.
  return value === "" ? quoted(`${name};`) : quoted(`${name}: ${value}`);
}
