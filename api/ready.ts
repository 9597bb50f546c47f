import { isMissingTable } from "../db/fault.js";
import journal from "../db/migrations/meta/_journal.json" with { type: "json" };
import { createApp } from "../lib/app.js";
import { handle } from "../lib/handle.js";
import { Problem } from "../lib/problem.js";
import { ready } from "../lib/system/contract.js";
import { countMigrations } from "../lib/system/queries.js";

/** Vercel's cache responds in between, so that callers cannot keep the database busy. */
const readySeconds = 5;

const app = createApp([ready]);

handle(app, ready, async ({ db, log }) => {
  const applied = await db.exactlyOne(countMigrations).catch((error: unknown) => {
    if (isMissingTable(error)) return { count: 0 };
    throw error;
  });
  const pending = journal.entries.length - applied.count;
  if (pending > 0) {
    // For the operator: anyone may call this, so the response does not say what the database lacks.
    log.fault = { kind: "pending migrations", at: `${pending} of ${journal.entries.length}` };
    throw new Problem("server-misconfigured", { headers: { "retry-after": "60" } });
  }
  return {
    status: 200,
    body: { status: "ready" },
    headers: { "Cache-Control": `public, s-maxage=${readySeconds}` },
  };
});

export default app;
