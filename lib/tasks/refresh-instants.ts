import { openDatabase } from "../../db/client.js";
import { runAfterResponse } from "../background.js";
import type { Env } from "../env.js";
import { outboxLimits } from "../mail/limits.js";
import { tzdataVersion } from "../time/tzdata.js";
import { refreshBatch, selectStaleTasks, updateInstants } from "./queries/stale-instants.js";

/** Computes the instants of tasks again, by the current rules of time zones, in batches after the response. */
export function refreshInstantsLater(env: Env<"DATABASE_URL">, requestId: string): void {
  const untilMs = Date.now() + outboxLimits.runMs;
  // One database per batch, because each has one deadline.
  const open = () => openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
  const run = async () => {
    const { instantOf } = await import("../time/instant.js");
    const rules = tzdataVersion();
    let isLast = false;
    while (!isLast && Date.now() < untilMs) {
      const db = open();
      const stale = await db.many(selectStaleTasks(rules));
      const fresh = stale.map((task) => ({ ...task, dueAt: instantOf(task) }));
      if (fresh.length > 0) await db.exactlyOne(updateInstants(fresh, rules));
      isLast = stale.length < refreshBatch;
    }
  };
  runAfterResponse({ name: "refresh-instants", requestId, run });
}
