import { openDatabase } from "../../db/client.js";
import { auditKey } from "../audit/audit-key.js";
import { purgeClosedAccounts } from "../auth/queries/closed-accounts.js";
import { runAfterResponse } from "../background.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { outboxLimits } from "../mail/limits.js";
import { purgeExpired } from "./queries.js";

/**
 * Purges closed accounts that are due, and then expired rows, in batches after the response, until nothing is left or
 * the time is up.
 */
export function purgeLater(env: Env<"DATABASE_URL" | "AUTH_SECRET">, requestId: string): void {
  const untilMs = Date.now() + outboxLimits.runMs;
  // One database per batch, because each has one deadline.
  const open = () => openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
  const key = auditKey(keyRing(env.AUTH_SECRET));
  const batches = [
    async () => (await open().exactlyOne(purgeClosedAccounts({ key, requestId }))).count,
    async () => (await open().exactlyOne(purgeExpired(key))).purged,
  ];
  const run = async () => {
    for (const purge of batches) while (Date.now() < untilMs && (await purge()) > 0);
  };
  runAfterResponse({ name: "purge", requestId, run });
}
