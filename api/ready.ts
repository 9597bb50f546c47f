import { isMissingTable } from "../db/fault.js";
import journal from "../db/migrations/meta/_journal.json" with { type: "json" };
import { createApp } from "../lib/app.js";
import { handle } from "../lib/handle.js";
import { Problem } from "../lib/problem.js";
import { ready } from "../lib/system/contract.js";
import { countMigrations } from "../lib/system/queries.js";

const app = createApp([ready]);

handle(app, ready, async ({ db }) => {
  const applied = await db.exactlyOne(countMigrations).catch((error: unknown) => {
    if (isMissingTable(error)) return { count: 0 };
    throw error;
  });
  const pending = journal.entries.length - applied.count;
  if (pending > 0) {
    throw new Problem("server-misconfigured", {
      detail: `${pending} of ${journal.entries.length} migrations are not applied: npm run db:migrate`,
      headers: { "retry-after": "60" },
    });
  }
  return { status: 200, body: { status: "ready" } };
});

export default app;
