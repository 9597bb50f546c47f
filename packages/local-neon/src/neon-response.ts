import type { Batch, Result } from "./backend.js";
import { toNeonError } from "./neon-error.js";

export type NeonResponse = { status: number; headers: Record<string, string>; body: string };

const json = { "content-type": "application/json" };

export function errorResponse(error: unknown): NeonResponse {
  const neonError = toNeonError(error);
  return { status: neonError.status, headers: json, body: JSON.stringify(neonError) };
}

export function resultResponse({ queries, transaction }: Batch, results: Result[]): NeonResponse {
  const formatted = results.map((result, index) => formatResult(result, queries[index]?.arrayMode ?? true));
  const body = JSON.stringify(transaction ? { results: formatted } : formatted[0]);
  return { status: 200, headers: { ...json, ...transactionHeaders(transaction) }, body };
}

function formatResult({ command, rowCount, fields, rows }: Result, arrayMode: boolean) {
  return {
    command,
    rowCount,
    rowAsArray: arrayMode,
    rows: arrayMode ? rows : rows.map((row) => toObject(fields, row)),
    fields: fields.map((field) => ({ ...field, format: "text" })),
  };
}

const toObject = (fields: Result["fields"], row: Result["rows"][number]) =>
  Object.fromEntries(row.map((value, column) => [fields[column]?.name, value]));

/** Neon echoes the transaction options of a batch. */
function transactionHeaders(transaction: Batch["transaction"]): Record<string, string> {
  if (!transaction) return {};
  const { isolationLevel, readOnly, deferrable } = transaction;
  return {
    ...(isolationLevel && { "neon-batch-isolation-level": isolationLevel }),
    ...(readOnly && { "neon-batch-read-only": "true" }),
    ...(deferrable && { "neon-batch-deferrable": "true" }),
  };
}
