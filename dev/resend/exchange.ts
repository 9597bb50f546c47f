import type { IncomingMessage, ServerResponse } from "node:http";

const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** One request being answered. `params` are the groups of the route's path. */
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

/** An error answer of Resend: `{ statusCode, name, message }`. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(statusCode: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.headers = headers;
  }
}

/** @throws Refusal 413 for more than 5 MiB. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early would destroy the socket, and the caller would never see the refusal.
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw new Refusal(413, "validation_error", "The request body is too large.");
  return Buffer.concat(chunks).toString("utf8");
}

/** @throws Refusal 400 for anything that is no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "validation_error", "The request body is not valid JSON.");
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

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { statusCode, code, message, headers } = refusal;
  sendJson(response, statusCode, { statusCode, name: code, message }, headers);
}

export function sendEmpty(response: ServerResponse, status: 204 | 304, headers: Record<string, string> = {}) {
  response.writeHead(status, headers).end();
}
