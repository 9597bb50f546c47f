import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request as the edge hands it on: its URL normalized, its headers free of what only the edge may say. */
export type Incoming = { id: string; method: string; url: URL; headers: Record<string, string> };

/** Set by the edge, or about one connection only: a caller's own are dropped. */
const edgeHeader = /^(x-forwarded-|x-vercel-|x-real-ip$|forwarded$)/;
const connectionHeader = /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

const host = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** `null` for a request whose target or host cannot be understood. */
export function readIncoming(request: IncomingMessage): Incoming | null {
  const authority = request.headers.host ?? `localhost:${request.socket.localPort}`;
  if (!host.test(authority)) return null;
  const url = readTarget(request.url ?? "", authority);
  if (!url || !isDecodable(url.pathname)) return null;

  const id = requestId();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || edgeHeader.test(name) || connectionHeader.test(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    id,
    method: request.method ?? "GET",
    url,
    headers: Object.assign(headers, edgeHeaders(request, authority, id)),
  };
}

function edgeHeaders(request: IncomingMessage, authority: string, id: string): Record<string, string> {
  const address = clientAddress(request);
  return {
    host: authority,
    "x-forwarded-for": address,
    "x-real-ip": address,
    "x-vercel-forwarded-for": address,
    "x-forwarded-host": authority,
    "x-forwarded-proto": "http",
    "x-vercel-id": id,
  };
}

/** An IPv4 caller reaches a socket that also speaks IPv6 as `::ffff:127.0.0.1`. */
function clientAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}

function readTarget(target: string, authority: string): URL | null {
  const path = target.startsWith("/") ? target : pathOfAbsolute(target);
  const href = `http://${authority}${path}`;
  return path !== null && URL.canParse(href) ? new URL(href) : null;
}

function pathOfAbsolute(target: string): string | null {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return null;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function requestId(): string {
  // Node takes the randomness of many of these at once from the system.
  const [region = "", , , , rest = ""] = randomUUID().split("-");
  return `dev1::${region.slice(0, 6)}-${Date.now()}-${rest}`;
}
