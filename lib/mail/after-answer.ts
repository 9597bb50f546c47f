import { waitUntil } from "@vercel/functions";
import { openDatabase } from "../../db/client.js";
import { DatabaseFault } from "../../db/fault.js";
import { mail } from "../contract.js";
import { EnvError, readEnv } from "../env.js";
import { writeLine } from "../log.js";
import { outboxLimits } from "./limits.js";
import { type Run, sendDue, sendLeased } from "./outbox.js";
import type { LeasedMail } from "./queries.js";

/**
 * Sends once the answer is on its way: these mails, then a few that earlier failures have left due. A failure
 * costs nothing, because the rows stay in the outbox until their lease runs out.
 */
export function sendAfterAnswer(mails: readonly LeasedMail[], requestId: string): void {
  waitUntil(send(mails, requestId));
}

async function send(mails: readonly LeasedMail[], requestId: string): Promise<void> {
  try {
    const env = readEnv(mail);
    const options = { url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT, onTrip: () => {} };
    // Opened for each call: sends lie in between, which may take longer than one deadline.
    const db: Run["db"] = { all: (query) => openDatabase(options).all(query) };
    const run = { db, env, requestId, untilMs: Date.now() + outboxLimits.runMs };
    await sendLeased(run, mails);
    await sendDue(run);
  } catch (error) {
    // Our own messages name queries and variables; anybody else's could quote an address.
    const isOurs = error instanceof DatabaseFault || error instanceof EnvError;
    const fault = isOurs ? error.message : error instanceof Error ? error.name : "unknown";
    writeLine("error", "outbox", { request_id: requestId, fault });
  }
}
