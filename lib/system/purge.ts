import { openDatabase } from "../../db/client.js";
import { auditKey } from "../audit/audit-key.js";
import { runAfterResponse } from "../background.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { outboxLimits } from "../mail/limits.js";
import { purgeExpired } from "./queries.js";

/** Purges more batches after the response, until no rows are left or the time is up. */
export function purgeLater(env: Env<"DATABASE_URL" | "AUTH_SECRET">, requestId: string): void {
  const untilMs = Date.now() + outboxLimits.runMs;
  const run = async () => {
    while (Date.now() < untilMs) {
      // One database per batch, because each has one deadline.
      const db = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
      const { purged } = await db.exactlyOne(purgeExpired(auditKey(keyRing(env.AUTH_SECRET))));
      if (purged === 0) return;
    }
  };
  runAfterResponse({ name: "purge", requestId, run });
}
