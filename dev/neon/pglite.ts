import { createHash, timingSafeEqual } from "node:crypto";
import pLimit from "p-limit";
import { type Backend, beginStatement, type Connection, type Result, type Work } from "./backend.js";
import type { PgliteConfig } from "./config.js";
import { Failure } from "./failure.js";
import { ResponseBudget } from "./limits.js";
import type { Holder } from "./pglite-directory.js";
import { openEngine, quoteIdentifier } from "./pglite-engine.js";
import { runCommands, runQuery } from "./pglite-protocol.js";

/** One engine with one session: requests take turns, and each gets the session as the first one found it. */
export async function openPgliteBackend(config: PgliteConfig, self: Holder): Promise<Backend> {
  const { db, close } = await openEngine(config, self);
  const turn = pLimit(1);

  // `SESSION AUTHORIZATION DEFAULT` and `DISCARD ALL` do not lead back here: the engine's own user is a superuser.
  const enter = `SET SESSION AUTHORIZATION ${quoteIdentifier(config.user)}`;
  const reset = () => runCommands(db, "ROLLBACK", "DISCARD ALL", enter);
  await reset();

  async function runAll({ queries, transaction }: Work): Promise<Result[]> {
    const budget = new ResponseBudget();
    const results: Result[] = [];
    if (transaction) await runCommands(db, beginStatement(transaction));
    for (const query of queries) results.push(await runQuery(db, query, budget));
    if (transaction) await runCommands(db, "COMMIT");
    return results;
  }

  return {
    async run(connection, work, signal) {
      checkIdentity(connection, config);
      return turn(async () => {
        signal.throwIfAborted();
        try {
          return await runAll(work);
        } finally {
          await reset();
        }
      });
    },
    close: () => turn(close),
  };
}

/** @throws Failure as Neon refuses a connection */
function checkIdentity(given: Connection, expected: PgliteConfig): void {
  const isUser = sameText(given.user, expected.user);
  const isPassword = sameText(given.password, expected.password);
  if (!isUser || !isPassword) {
    const message = `password authentication failed for user '${given.user}'`;
    throw new Failure(400, message, { code: "28P01", severity: "FATAL" });
  }
  if (!sameText(given.database, expected.database)) {
    const message = `database "${given.database}" does not exist`;
    throw new Failure(400, message, { code: "3D000", severity: "FATAL" });
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
