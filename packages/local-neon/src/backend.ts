/** The parts of the `Neon-Connection-String` header. */
export type Connection = {
  user: string;
  password: string;
  host: string;
  port: number | null;
  database: string;
};

export type Query = { text: string; params: (string | null)[]; arrayMode: boolean };

export const isolationLevels = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
} as const;
export type IsolationLevel = keyof typeof isolationLevels;

export type TransactionOptions = {
  isolationLevel: IsolationLevel | null;
  readOnly: boolean;
  deferrable: boolean;
};

/** A single query is a batch of one without a transaction. */
export type Batch = { queries: Query[]; transaction: TransactionOptions | null };

export type Field = {
  name: string;
  dataTypeID: number;
  tableID: number;
  columnID: number;
  dataTypeSize: number;
  dataTypeModifier: number;
};

/** Values stay the text that Postgres sent. */
export type Result = {
  command: string | null;
  rowCount: number | null;
  fields: Field[];
  rows: (string | null)[][];
};

export type Backend = {
  /** @throws NeonError, or the DatabaseError that Postgres reported. */
  run(connection: Connection, batch: Batch, signal: AbortSignal): Promise<Result[]>;
  close(): Promise<void>;
};

export function beginStatement({ isolationLevel, readOnly, deferrable }: TransactionOptions): string {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${isolationLevels[isolationLevel]}`,
    readOnly && "READ ONLY",
    deferrable && "DEFERRABLE",
  ].filter(Boolean);
  return `START TRANSACTION ${modes.join(", ")}`;
}

export function toField(described: Field): Field {
  const { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier } = described;
  return { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier };
}
