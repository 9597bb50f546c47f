import type { Result, Work } from "./backend.js";
import { toFailure } from "./failure.js";

export type Answer = { status: number; headers: Record<string, string>; body: string };

const json = { "content-type": "application/json" };

export function failureAnswer(error: unknown): Answer {
  const failure = toFailure(error);
  return { status: failure.status, headers: json, body: JSON.stringify(failure) };
}

export function resultAnswer({ queries, transaction }: Work, results: Result[]): Answer {
  const shown = results.map((result, index) => showResult(result, queries[index]?.arrayMode ?? true));
  const body = JSON.stringify(transaction ? { results: shown } : shown[0]);
  return { status: 200, headers: { ...json, ...echoedOptions(transaction) }, body };
}

function showResult({ command, rowCount, fields, rows }: Result, arrayMode: boolean) {
  return {
    command,
    rowCount,
    rowAsArray: arrayMode,
    rows: arrayMode ? rows : rows.map((row) => Object.fromEntries(row.map((v, i) => [fields[i]?.name, v]))),
    fields: fields.map((field) => ({ ...field, format: "text" })),
  };
}

function echoedOptions(transaction: Work["transaction"]): Record<string, string> {
  if (!transaction) return {};
  const { isolationLevel, readOnly, deferrable } = transaction;
  return {
    ...(isolationLevel && { "neon-batch-isolation-level": isolationLevel }),
    ...(readOnly && { "neon-batch-read-only": "true" }),
    ...(deferrable && { "neon-batch-deferrable": "true" }),
  };
}
