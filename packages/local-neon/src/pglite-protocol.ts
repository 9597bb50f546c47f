import type { PGlite } from "@electric-sql/pglite";
import { serialize } from "pg-protocol";
import {
  type BackendMessage,
  CommandCompleteMessage,
  DatabaseError,
  DataRowMessage,
  ReadyForQueryMessage,
  RowDescriptionMessage,
} from "pg-protocol/dist/messages.js";
import { Parser } from "pg-protocol/dist/parser.js";
import { type Query, type Result, toField } from "./backend.js";
import { type ResponseBudget, responseTooLarge } from "./limits.js";

/**
 * Runs one command as an unnamed statement with all values as text, as Neon does.
 * @throws DatabaseError that Postgres reported, NeonError 507 for too large a result.
 */
export async function runQuery(db: PGlite, query: Query, budget: ResponseBudget): Promise<Result> {
  const result: Result = { command: null, rowCount: null, fields: [], rows: [] };
  await exchange(db, extendedQuery(query), (message) => {
    if (message instanceof RowDescriptionMessage) result.fields = message.fields.map(toField);
    if (message instanceof CommandCompleteMessage) Object.assign(result, parseTag(message.text));
    if (message instanceof DataRowMessage) addRow(result, message.fields, budget);
  });
  if (budget.isSpent) throw responseTooLarge();
  return result;
}

/** Runs commands that return no rows. */
export async function runCommands(db: PGlite, ...commands: string[]): Promise<void> {
  await exchange(db, Buffer.concat(commands.map((command) => serialize.query(command))));
}

async function exchange(db: PGlite, request: Buffer, onMessage?: (message: BackendMessage) => void) {
  const parser = new Parser();
  const errors: DatabaseError[] = [];
  let isReady = false;
  await db.execProtocolRawStream(request, {
    syncToFs: false,
    // The bytes are a view of the engine's memory; the next message overwrites them.
    onRawData: (bytes) =>
      parser.parse(Buffer.from(bytes), (message) => {
        isReady = message instanceof ReadyForQueryMessage;
        if (message instanceof DatabaseError) errors.push(message);
        else onMessage?.(message);
      }),
  });
  if (errors[0]) throw errors[0];
  if (!isReady) throw new Error("the database engine did not finish its response");
}

/** CopyFail ends a `COPY FROM STDIN`, which would wait for data forever. Postgres ignores it after other commands. */
function extendedQuery({ text, params }: Query): Buffer {
  return Buffer.concat([
    serialize.parse({ text }),
    serialize.bind({ values: params }),
    serialize.describe({ type: "P" }),
    serialize.execute(),
    serialize.copyFail("COPY is not available over HTTP"),
    serialize.sync(),
  ]);
}

function addRow(result: Result, values: (string | null)[], budget: ResponseBudget): void {
  for (const value of values) budget.add(value);
  if (!budget.isSpent) result.rows.push(values);
}

function parseTag(tag: string): Pick<Result, "command" | "rowCount"> {
  const [command = "", ...rest] = tag.split(" ");
  const count = rest.at(-1);
  return { command, rowCount: count && /^\d+$/.test(count) ? Number(count) : null };
}
