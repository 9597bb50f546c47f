import { isIP } from "node:net";
import { equalBytes } from "../crypto/keyed-hash.js";
import type { Env } from "../env.js";

type ProxyEnv = Pick<Env<never>, "PROXY_SECRET">;

/** Request headers of a proxy that may state the address of its client. */
export const proxyHeaders = { secret: "x-proxy-secret", address: "x-client-address" } as const;

/**
 * The block of addresses that throttling counts as one caller: an IPv4 address, or the /64 of an IPv6 address, which
 * providers assign to one customer.
 */
export function clientBlock(headers: Headers, env: ProxyEnv): string {
  const address = clientAddress(headers, env);
  if (isIP(address) === 4) return address;
  // Without an address, all callers share one budget: too strict is safer than no limit.
  if (isIP(address) !== 6) return "unknown";
  const text = canonical(address);
  return mappedIpv4(text) ?? `${prefix64(text)}/64`;
}

/**
 * Vercel sets `x-real-ip` itself and drops the header that a client sends. Behind a front end that proxies `/api`, it
 * is the front end's address for everyone, so a proxy that knows PROXY_SECRET may state another one.
 */
function clientAddress(headers: Headers, env: ProxyEnv): string {
  return headers.get(isFromProxy(headers, env) ? proxyHeaders.address : "x-real-ip")?.trim() ?? "";
}

/** Whether a proxy that knows PROXY_SECRET has forwarded the request. */
export const isFromProxy = (headers: Headers, { PROXY_SECRET }: ProxyEnv): boolean =>
  PROXY_SECRET !== undefined &&
  equalBytes(Buffer.from(headers.get(proxyHeaders.secret) ?? ""), Buffer.from(PROXY_SECRET));

/** The spelling of RFC 5952 in hexadecimal, without a zone: lower case, no leading zeros. */
const canonical = (address: string) =>
  new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);

/** The IPv4 address inside `::ffff:0:0/96` (RFC 4291 section 2.5.5.2). */
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
