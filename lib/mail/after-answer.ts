import { setImmediate } from "node:timers/promises";
import { waitUntil } from "@vercel/functions";
import { openDatabase } from "../../db/client.js";
import { DatabaseFault } from "../../db/fault.js";
import { database, mail } from "../contract.js";
import { type Env, EnvError, readEnv } from "../env.js";
import { writeLine } from "../log.js";
import { outboxLimits } from "./limits.js";
import { type Run, sendOutbox } from "./outbox.js";
import type { LeasedMail } from "./queries.js";

// What a function was started with does not change, and to check it for each mail would take the CPU of a trip.
let databaseEnv: Env<"DATABASE_URL"> | undefined;
let mailEnv: Env<(typeof mail)[number]> | undefined;

/**
 * Sends once the answer is on its way: these mails, then a few that earlier failures have left due. A failure
 * costs nothing, because the rows stay in the outbox until their lease runs out.
 */
export function sendAfterAnswer(mails: readonly LeasedMail[], requestId: string): void {
  afterAnswer("outbox", requestId, async (db) => {
    mailEnv ??= readEnv(mail);
    const untilMs = Date.now() + outboxLimits.runMs;
    await sendOutbox({ db, env: mailEnv, requestId, untilMs }, mails);
  });
}

type Work = (db: Run["db"]) => Promise<void>;

/** Runs `work` while the answer travels; what it throws becomes a line of the log, named `msg`. */
export function afterAnswer(msg: string, requestId: string, work: Work): void {
  waitUntil(report(msg, requestId, work));
}

async function report(msg: string, requestId: string, work: Work): Promise<void> {
  // Until the answer has been written: what begins at once would hold it up.
  await setImmediate();
  try {
    databaseEnv ??= readEnv(database);
    const { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint } = databaseEnv;
    const options = { url, endpoint, onTrip: () => {} };
    // Opened for each call: sends lie in between, which may take longer than one deadline.
    await work({ all: (query) => openDatabase(options).all(query) });
  } catch (error) {
    // Our own messages name queries and variables; anybody else's could quote an address.
    const isOurs = error instanceof DatabaseFault || error instanceof EnvError;
    const fault = isOurs ? error.message : error instanceof Error ? error.name : "unknown";
    writeLine("error", msg, { request_id: requestId, fault });
  }
}
