import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request as Vercel's edge passes it on: with a normalized URL, and without headers that only the edge may set. */
export type EdgeRequest = { id: string; method: string; url: URL; headers: Record<string, string> };

/** Where the edge says that a caller is. */
export type Geo = { city: string; country: string };

const edgeHeader = /^(x-forwarded-|x-vercel-|x-real-ip$|forwarded$)/;
const connectionHeader = /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

const host = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** Returns `null` for a malformed target or host. */
export function readEdgeRequest(request: IncomingMessage, geo?: Geo): EdgeRequest | null {
  const authority = request.headers.host ?? `localhost:${request.socket.localPort}`;
  if (!host.test(authority)) return null;
  const url = readTarget(request.url ?? "", authority);
  if (!url || !isDecodable(url.pathname)) return null;

  const id = createRequestId();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || edgeHeader.test(name) || connectionHeader.test(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    id,
    method: request.method ?? "GET",
    url,
    headers: Object.assign(headers, edgeHeaders(request, authority, id), geoHeaders(geo)),
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

const geoHeaders = (geo: Geo | undefined): Record<string, string> =>
  geo ? { "x-vercel-ip-city": encodeURIComponent(geo.city), "x-vercel-ip-country": geo.country } : {};

/** A dual-stack socket reports IPv4 clients as `::ffff:127.0.0.1`. */
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

function createRequestId(): string {
  // Node caches randomness for randomUUID, which makes it cheaper than randomBytes.
  const [first = "", , , , last = ""] = randomUUID().split("-");
  return `dev1::${first.slice(0, 6)}-${Date.now()}-${last}`;
}
