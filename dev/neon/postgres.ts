import pg from "pg";
import { type Backend, beginStatement, type Query, type Result, toField, type Work } from "./backend.js";
import type { PostgresConfig } from "./config.js";
import { Failure, sqlFailure } from "./failure.js";
import { ResponseBudget, responseTooLarge } from "./limits.js";
import { type Checkout, type PoolSize, PostgresPools } from "./postgres-pools.js";

/** Real sessions: one pool for each user, password and database, as Neon pools them. */
export function openPostgresBackend(config: PostgresConfig, size: PoolSize): Backend {
  const pools = new PostgresPools(config, size);
  return {
    async run(connection, work, signal) {
      const session = await pools.connect(connection);
      const { client, cancel } = session;
      if (signal.aborted) {
        client.release();
        signal.throwIfAborted();
      }
      signal.addEventListener("abort", cancel);
      let isUsable = true;
      try {
        return await runAll(session, work, signal);
      } catch (error) {
        isUsable = !isCancellation(error) && !(error instanceof Failure);
        throw queryFailure(error);
      } finally {
        signal.removeEventListener("abort", cancel);
        // A cancellation may still be on its way and would hit the next request.
        if (signal.aborted || !isUsable) client.release(true);
        // The next request must not wait for this one's clean-up.
        else void recycle(client);
      }
    },
    close: () => pools.close(),
  };
}

async function runAll(session: Checkout, { queries, transaction }: Work, signal: AbortSignal) {
  const { client } = session;
  const budget = new ResponseBudget();
  const results: Result[] = [];
  if (transaction) await client.query(beginStatement(transaction));
  try {
    for (const query of queries) {
      signal.throwIfAborted();
      results.push(await runQuery(session, query, budget));
    }
    if (transaction) await client.query("COMMIT");
  } catch (error) {
    // The caller may try again at once and must not meet the locks of this attempt.
    if (transaction && !isCancellation(error)) await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
  return results;
}

async function runQuery({ client, cancel }: Checkout, query: Query, budget: ResponseBudget): Promise<Result> {
  const asText = (value: string) => {
    budget.add(value);
    if (!budget.spent) return value;
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

/** What `DISCARD ALL` does, but for the plans: Neon keeps those, and to make them again takes longer than most queries. */
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

/** As Neon does: no settings, temporary tables, locks or listeners outlive a request. */
async function recycle(client: pg.PoolClient): Promise<void> {
  try {
    if (client.getTransactionStatus() !== "I") await client.query("ROLLBACK");
    await client.query(reset);
    client.release();
  } catch {
    client.release(true);
  }
}

/** Also what the driver makes of `COPY FROM STDIN`, after which its connection never gets ready again. */
function isCancellation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "57014";
}

function queryFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  return error instanceof pg.DatabaseError ? sqlFailure(error) : error;
}
