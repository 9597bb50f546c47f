import { DatabaseError } from "pg-protocol";

/** An error that Postgres reported for one statement. */
export type SqlError = {
  /** The text of the statement; parameters are not part of it. */
  query: string;
  /** The SQLSTATE, such as `42703` for an unknown column. */
  code?: string;
  message: string;
  /** The character of `query`, counted from 1, at which Postgres noticed the error. */
  position?: string;
  /** May quote values of the statement. */
  detail?: string;
  hint?: string;
};

export type OnError = (error: SqlError) => void;

/** Runs one statement, and reports the error that Postgres raises for it before throwing it. */
export async function reportingErrors<T>(
  query: string,
  onError: OnError | undefined,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DatabaseError) onError?.(toSqlError(query, error));
    throw error;
  }
}

const optionalFields = ["code", "position", "detail", "hint"] as const;

function toSqlError(query: string, error: DatabaseError): SqlError {
  const present = optionalFields.flatMap((name) => {
    const value = error[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { query, message: error.message, ...Object.fromEntries(present) };
}
