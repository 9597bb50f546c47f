import { DatabaseError } from "pg-protocol";

const errorFields = [
  "code",
  "severity",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "table",
  "column",
  "schema",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;
export type ErrorFields = Partial<Record<(typeof errorFields)[number], string | undefined>>;

/** An error as Neon sends it: an HTTP status, a message, and the fields of a Postgres error. */
export class NeonError extends Error {
  readonly status: number;
  readonly fields: ErrorFields;

  constructor(status: number, message: string, fields: ErrorFields = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }

  /** The body has every field, null where Postgres sent no value. */
  toJSON(): Record<string, string | null> {
    const fields = errorFields.map((name) => [name, this.fields[name] ?? null]);
    return { message: this.message, ...Object.fromEntries(fields) };
  }
}

/** Errors that Postgres reports are the caller's (400); any other error is the endpoint's (500). */
export function toNeonError(error: unknown): NeonError {
  if (error instanceof NeonError) return error;
  if (error instanceof DatabaseError) return new NeonError(400, error.message, error);
  return new NeonError(500, error instanceof Error ? error.message || error.name : String(error));
}
