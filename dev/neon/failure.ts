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

/** A request that is answered with something else than its result. */
export class Failure extends Error {
  readonly status: number;
  readonly fields: ErrorFields;

  constructor(status: number, message: string, fields: ErrorFields = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }

  /** The body Neon sends: every field, null where Postgres said nothing. */
  toJSON(): Record<string, string | null> {
    const fields = errorFields.map((name) => [name, this.fields[name] ?? null]);
    return { message: this.message, ...Object.fromEntries(fields) };
  }
}

/** An error message of Postgres as a failure; `status` is 400 unless it is the server's own trouble. */
export function sqlFailure(error: Error & ErrorFields, status = 400): Failure {
  return new Failure(status, error.message, error);
}

export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(500, error instanceof Error ? error.message || error.name : String(error));
}
