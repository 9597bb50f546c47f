import { isIP } from "node:net";

/**
 * The block of addresses that a caller is throttled by: the IPv4 address, or the /64 of an IPv6 address, which
 * is what one customer is given. Vercel sets `x-real-ip` itself and drops what the client sent.
 */
export function clientBlock(headers: Headers): string {
  const address = headers.get("x-real-ip")?.trim() ?? "";
  if (isIP(address) === 4) return address;
  // Without an address all share one budget: better too strict than no limit.
  if (isIP(address) !== 6) return "unknown";
  const text = canonical(address);
  return mappedIpv4(text) ?? `${prefix64(text)}/64`;
}

/** As URLs spell it (RFC 5952), without a zone: hexadecimal to the end, no leading zeros, lower case. */
const canonical = (address: string) =>
  new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);

/** The IPv4 address that `::ffff:0:0/96` stands for (RFC 4291 section 2.5.5.2). */
function mappedIpv4(address: string): string | undefined {
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(address) ?? [];
  if (!high || !low) return undefined;
  const bytes = Buffer.from(high.padStart(4, "0") + low.padStart(4, "0"), "hex");
  return bytes.join(".");
}

function prefix64(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(":").filter(Boolean);
  while (tail !== undefined && groups.length + rest.length < 8) groups.push("0");
  return [...groups, ...rest].slice(0, 4).join(":");
}
