import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import type { Access } from "../../db/query.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { clientBlock } from "../http/client-address.js";
import type { LeasedEmail } from "../mail/queries.js";
import { Problem } from "../problem.js";
import { bearerProblem } from "./challenge.js";
import { addressTags } from "./context-tags.js";
import { budgets } from "./limits.js";
import { mailboxCharge } from "./mailbox-budget.js";
import { insertEmailChange } from "./queries/email-change.js";
import { newEvent } from "./queries/security-events.js";
import { chargeBudgets, createThrottle } from "./throttle.js";

type Context = { db: Database; env: Env<"AUTH_SECRET" | "APP_URL">; access: Access; request: Request };

/**
 * Writes the emails of a change of the address. The caller cannot tell what the new address gets.
 * @throws Problem `rate-limited`, `session-ended`, `email-change-frozen`
 */
export async function requestEmailChange(
  { db, env, access, request }: Context,
  email: string,
): Promise<(LeasedEmail | null)[]> {
  const ring = keyRing(env.AUTH_SECRET);
  const throttle = createThrottle(ring[0], [
    { budget: budgets.emailByIp, subject: clientBlock(request.headers, env) },
    { budget: budgets.emailChangesByUser, subject: access.userId },
  ]);
  const row = await db.exactlyOne(
    insertEmailChange(
      { charge: throttle.charge, mailbox: chargeBudgets(ring[0], [mailboxCharge(email)]) },
      {
        userId: access.userId,
        sessionId: access.sessionId,
        email,
        emailTags: addressTags(ring, email),
        linkId: uuidv7(),
        emailId: uuidv7(),
        event: newEvent(ring, request.headers, env),
        appUrl: env.APP_URL,
      },
    ),
    access,
  );
  throttle.requireRoom(row);
  if (row.outcome === "ended") throw bearerProblem("session-ended", "invalid_token");
  if (row.outcome === "frozen")
    throw new Problem("email-change-frozen", { detail: `The address can change after ${row.frozenUntil}.` });
  return [row.email, row.notice];
}
