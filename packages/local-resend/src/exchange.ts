import type { IncomingMessage, ServerResponse } from "node:http";
import { ResendError } from "./resend-error.js";

const maxBodyBytes = 5 * 1024 * 1024;

/** A request and its response. `params` holds the groups of the route's path. */
export type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  params: string[];
};

export type Route = {
  method: "GET" | "POST" | "DELETE";
  path: RegExp;
  handle(exchange: Exchange): void | Promise<void>;
};

/** @throws ResendError 413 for more than 5 MiB. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early would destroy the socket, and the caller would never see the 413.
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  if (bytes > maxBodyBytes) throw new ResendError(413, "validation_error", "The request body is too large.");
  return Buffer.concat(chunks).toString("utf8");
}

/** @throws ResendError 400 for a body that is not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  try {
    return JSON.parse(body);
  } catch {
    throw new ResendError(400, "validation_error", "The request body is not valid JSON.");
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      ...headers,
    })
    .end(JSON.stringify(body));
}

export function sendError(response: ServerResponse, error: ResendError): void {
  const { statusCode, code, message, headers } = error;
  sendJson(response, statusCode, { statusCode, name: code, message }, headers);
}

export function sendEmpty(response: ServerResponse, status: 204 | 304, headers: Record<string, string> = {}) {
  response.writeHead(status, headers).end();
}
