import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname } from "node:path";
import type { EdgeRequest } from "./edge-request.js";
import type { Headers } from "./router.js";

const contentTypes: Record<string, string> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "application/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "application/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Responds to GET and HEAD with a file, or with 304 when the caller has it. */
export async function sendStaticFile(
  request: EdgeRequest,
  response: ServerResponse,
  entry: { file: string; contentType: string | undefined },
  headers: Headers,
  status = 200,
): Promise<void> {
  const content = await readFile(entry.file);
  const etag = `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`;
  const type = entry.contentType ?? contentTypes[extname(entry.file)] ?? "application/octet-stream";
  response.setHeader("content-type", type);
  response.setHeader("cache-control", "public, max-age=0, must-revalidate");
  response.setHeader("etag", etag);
  for (const [name, value] of headers) response.setHeader(name, value);
  if (status === 200 && isCurrent(request.headers["if-none-match"], etag)) {
    response.removeHeader("content-type");
    response.writeHead(304).end();
    return;
  }
  response.setHeader("content-length", content.length);
  response.writeHead(status).end(request.method === "HEAD" ? undefined : content);
}

/** `If-None-Match` compares weakly (RFC 9110, section 13.1.2). */
function isCurrent(header: string | undefined, etag: string): boolean {
  const known = header?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return known.includes(etag) || known.includes("*");
}
