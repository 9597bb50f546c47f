import { afterAnswer } from "../mail/after-answer.js";
import { outboxLimits } from "../mail/limits.js";
import { purgeMore } from "./queries.js";

/** Goes on purging after the answer, for as long as there is something and the function may run. */
export function purgeAfterAnswer(requestId: string): void {
  const untilMs = Date.now() + outboxLimits.runMs;
  afterAnswer("purge", requestId, async (db) => {
    while (Date.now() < untilMs) {
      const [row] = await db.all(purgeMore);
      if (!row?.purged) return;
    }
  });
}
