import { openDatabase } from "../../db/client.js";
import { runAfterResponse } from "../background.js";
import type { Env } from "../env.js";
import { outboxLimits } from "../mail/limits.js";
import { purgeExpired } from "./queries.js";

/** Purges more batches after the response, until no rows are left or the time is up. */
export function purgeLater(env: Env<"DATABASE_URL">, requestId: string): void {
  const untilMs = Date.now() + outboxLimits.runMs;
  const run = async () => {
    while (Date.now() < untilMs) {
      // One database per batch, because each has one deadline.
      const db = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
      const { purged } = await db.exactlyOne(purgeExpired);
      if (purged === 0) return;
    }
  };
  runAfterResponse({ name: "purge", requestId, run });
}
