import { setImmediate } from "node:timers/promises";
import { waitUntil } from "@vercel/functions";
import { type Database, openDatabase } from "../../db/client.js";
import { DatabaseFault } from "../../db/fault.js";
import { database, mail } from "../contract.js";
import { type Env, EnvError, readEnv } from "../env.js";
import { writeLine } from "../log.js";
import { outboxLimits } from "./limits.js";
import { sendOutbox } from "./outbox.js";
import { type LeasedMail, settleAndClaim } from "./queries.js";
import { settlingTogether } from "./settle-together.js";

// What a function was started with does not change, and to check it for each mail would take the CPU of a trip.
let databaseEnv: Env<"DATABASE_URL"> | undefined;
let mailEnv: Env<(typeof mail)[number]> | undefined;

/** Opens anew for each call: sends lie in between, which may take longer than one deadline. */
const db: Pick<Database, "all"> = {
  all(query) {
    databaseEnv ??= readEnv(database);
    const { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint } = databaseEnv;
    return openDatabase({ url, endpoint, onTrip: () => {} }).all(query);
  },
};

const settle = settlingTogether(async (attempts, limit) => {
  const due = await db.all(settleAndClaim(attempts, limit));
  return due.map(({ mail }) => mail);
});

/**
 * Sends once the answer is on its way: these mails, then a few that earlier failures have left due. A failure
 * costs nothing, because the rows stay in the outbox until their lease runs out.
 */
export function sendAfterAnswer(mails: readonly LeasedMail[], requestId: string): void {
  afterAnswer("outbox", requestId, async () => {
    mailEnv ??= readEnv(mail);
    const untilMs = Date.now() + outboxLimits.runMs;
    await sendOutbox({ settle, env: mailEnv, requestId, untilMs }, mails);
  });
}

type Work = (db: Pick<Database, "all">) => Promise<void>;

/** Runs `work` while the answer travels; what it throws becomes a line of the log, named `msg`. */
export function afterAnswer(msg: string, requestId: string, work: Work): void {
  waitUntil(report(msg, requestId, work));
}

async function report(msg: string, requestId: string, work: Work): Promise<void> {
  // Until the answer has been written: what begins at once would hold it up.
  await setImmediate();
  try {
    await work(db);
  } catch (error) {
    // Our own messages name queries and variables; anybody else's could quote an address.
    const isOurs = error instanceof DatabaseFault || error instanceof EnvError;
    const fault = isOurs ? error.message : error instanceof Error ? error.name : "unknown";
    writeLine("error", msg, { request_id: requestId, fault });
  }
}
