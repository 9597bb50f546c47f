import { createHash, timingSafeEqual } from "node:crypto";
import pLimit from "p-limit";
import { type Backend, type Batch, beginStatement, type Connection, type Result } from "./backend.js";
import { ResponseBudget } from "./limits.js";
import { NeonError } from "./neon-error.js";
import type { LockHolder } from "./pglite-directory.js";
import { openEngine, quoteIdentifier } from "./pglite-engine.js";
import { runCommands, runQuery } from "./pglite-protocol.js";
import type { PgliteSettings } from "./settings.js";
import { type OnError, reportingErrors } from "./sql-error.js";

/** PGlite has one session, so requests take turns, and each starts with a clean session. */
export async function openPgliteBackend(
  settings: PgliteSettings,
  self: LockHolder,
  onError?: OnError,
): Promise<Backend> {
  const { db, close } = await openEngine(settings, self);
  const oneAtATime = pLimit(1);

  // `SESSION AUTHORIZATION DEFAULT` and `DISCARD ALL` return to the engine's own user, which is a superuser.
  const become = (user: string) => `SET SESSION AUTHORIZATION ${quoteIdentifier(user)}`;
  const reset = () => runCommands(db, "ROLLBACK", "DISCARD ALL", become(settings.user));
  await reset();

  async function runBatch({ queries, transaction }: Batch): Promise<Result[]> {
    const budget = new ResponseBudget();
    const results: Result[] = [];
    const command = (text: string) => reportingErrors(text, onError, () => runCommands(db, text));
    if (transaction) await command(beginStatement(transaction));
    for (const query of queries) {
      results.push(await reportingErrors(query.text, onError, () => runQuery(db, query, budget)));
    }
    if (transaction) await command("COMMIT");
    return results;
  }

  return {
    async run(connection, batch, signal) {
      checkIdentity(connection, settings);
      return oneAtATime(async () => {
        signal.throwIfAborted();
        try {
          if (connection.user !== settings.user) await runCommands(db, become(connection.user));
          return await runBatch(batch);
        } finally {
          await reset();
        }
      });
    },
    close: () => oneAtATime(close),
  };
}

/** @throws NeonError that Neon would send for a wrong identity or an unknown database. */
function checkIdentity(given: Connection, expected: PgliteSettings): void {
  const isKnown = [expected, ...expected.otherUsers].some(
    ({ user, password }) => isSameText(given.user, user) && isSameText(given.password, password),
  );
  if (!isKnown) {
    const message = `password authentication failed for user '${given.user}'`;
    throw new NeonError(400, message, { code: "28P01", severity: "FATAL" });
  }
  if (!isSameText(given.database, expected.database)) {
    const message = `database "${given.database}" does not exist`;
    throw new NeonError(400, message, { code: "3D000", severity: "FATAL" });
  }
}

/** Compares hashes, so the time reveals neither length nor content. */
function isSameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
