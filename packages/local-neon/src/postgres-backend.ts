import pg from "pg";
import { type Backend, type Batch, beginStatement, type Query, type Result, toField } from "./backend.js";
import { ResponseBudget, responseTooLarge } from "./limits.js";
import { NeonError } from "./neon-error.js";
import { type Checkout, type PoolSize, PostgresPools } from "./postgres-pools.js";
import type { PostgresSettings } from "./settings.js";
import { type OnError, reportingErrors } from "./sql-error.js";

/** Real sessions: one pool for each user, password and database, as Neon pools them. */
export function openPostgresBackend(settings: PostgresSettings, size: PoolSize, onError?: OnError): Backend {
  const pools = new PostgresPools(settings, size);
  return {
    async run(connection, batch, signal) {
      const session = await pools.connect(connection);
      const { client, cancel } = session;
      if (signal.aborted) {
        client.release();
        signal.throwIfAborted();
      }
      signal.addEventListener("abort", cancel);
      let isUsable = true;
      try {
        return await runBatch(session, batch, signal, onError);
      } catch (error) {
        isUsable = !isCancellation(error) && !(error instanceof NeonError);
        throw error;
      } finally {
        signal.removeEventListener("abort", cancel);
        // A late cancellation would hit the next request of this connection.
        if (signal.aborted || !isUsable) client.release(true);
        // Not awaited: the response must not wait for the cleanup.
        else void recycle(client);
      }
    },
    close: () => pools.close(),
  };
}

async function runBatch(
  session: Checkout,
  { queries, transaction }: Batch,
  signal: AbortSignal,
  onError: OnError | undefined,
): Promise<Result[]> {
  const { client } = session;
  const command = (text: string) => reportingErrors(text, onError, () => client.query(text));
  const budget = new ResponseBudget();
  const results: Result[] = [];
  if (transaction) await command(beginStatement(transaction));
  try {
    for (const query of queries) {
      signal.throwIfAborted();
      results.push(await reportingErrors(query.text, onError, () => runQuery(session, query, budget)));
    }
    if (transaction) await command("COMMIT");
  } catch (error) {
    // Awaited: an immediate retry must not block on the locks of this attempt.
    if (transaction && !isCancellation(error)) await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
  return results;
}

async function runQuery({ client, cancel }: Checkout, query: Query, budget: ResponseBudget): Promise<Result> {
  const asText = (value: string) => {
    budget.add(value);
    if (!budget.isSpent) return value;
    cancel();
    throw responseTooLarge();
  };
  const config = {
    text: query.text,
    values: query.params,
    rowMode: "array" as const,
    queryMode: "extended",
    types: { getTypeParser: () => asText },
  };
  const { command, rowCount, fields, rows } = await client.query<(string | null)[]>(config);
  return { command, rowCount, fields: fields.map(toField), rows };
}

/** `DISCARD ALL` without `DISCARD PLANS`: Neon keeps plans, and planning takes longer than most queries. */
const reset = [
  "CLOSE ALL",
  "SET SESSION AUTHORIZATION DEFAULT",
  "RESET ALL",
  "DEALLOCATE ALL",
  "UNLISTEN *",
  "SELECT pg_advisory_unlock_all()",
  "DISCARD TEMP",
  "DISCARD SEQUENCES",
].join("; ");

/** Settings, temporary tables, locks and listeners end with a request, as on Neon. */
async function recycle(client: pg.PoolClient): Promise<void> {
  try {
    if (client.getTransactionStatus() !== "I") await client.query("ROLLBACK");
    await client.query(reset);
    client.release();
  } catch {
    client.release(true);
  }
}

/** `COPY FROM STDIN` fails with the same code, and leaves its connection unusable. */
function isCancellation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "57014";
}
