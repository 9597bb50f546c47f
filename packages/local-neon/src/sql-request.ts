import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import * as z from "zod";
import {
  type Batch,
  type Connection,
  type IsolationLevel,
  isolationLevels,
  type TransactionOptions,
} from "./backend.js";
import { parseConnectionString } from "./connection-string.js";
import { maxRequestBytes, requestTooLarge } from "./limits.js";
import { NeonError } from "./neon-error.js";
import { paramText } from "./param-text.js";

export type SqlRequest = { connection: Connection; batch: Batch };

const query = z.object({
  query: z.string(),
  params: z.array(z.unknown()).default([]),
  arrayMode: z.boolean().nullish(),
});
const payload = z.union([query, z.object({ queries: z.array(query) })]);

/** @throws NeonError 400 or 413. */
export async function readSqlRequest(request: IncomingMessage): Promise<SqlRequest> {
  const { headers } = request;
  const connection = parseConnectionString(header(headers, "neon-connection-string"));
  const transaction = transactionOptions(headers);
  if (header(headers, "neon-raw-text-output") !== "true") {
    throw new NeonError(400, "only raw text output is implemented: send Neon-Raw-Text-Output: true");
  }

  const body = parsePayload(await readBody(request));
  const arrayMode = header(headers, "neon-array-mode") === "true";
  const toQuery = (item: z.output<typeof query>) => ({
    text: item.query,
    params: item.params.map(paramText),
    arrayMode: item.arrayMode ?? arrayMode,
  });
  if ("queries" in body) return { connection, batch: { queries: body.queries.map(toQuery), transaction } };
  return { connection, batch: { queries: [toQuery(body)], transaction: null } };
}

function transactionOptions(headers: IncomingHttpHeaders): TransactionOptions {
  const level = header(headers, "neon-batch-isolation-level");
  if (level !== undefined && !isIsolationLevel(level)) throw new NeonError(400, "invalid isolation level");
  return {
    isolationLevel: level ?? null,
    readOnly: header(headers, "neon-batch-read-only") === "true",
    deferrable: header(headers, "neon-batch-deferrable") === "true",
  };
}

function isIsolationLevel(level: string): level is IsolationLevel {
  return Object.hasOwn(isolationLevels, level);
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Keep reading: a client that is still sending would not see the response.
    if (length <= maxRequestBytes) chunks.push(chunk);
  }
  if (length > maxRequestBytes) throw requestTooLarge();
  return Buffer.concat(chunks, length).toString();
}

function parsePayload(text: string): z.output<typeof payload> {
  try {
    return payload.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : "neither a query nor a batch";
    throw new NeonError(400, `could not parse the HTTP request body: ${reason}`);
  }
}
