import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import type { LeasedEmail } from "../mail/queries.js";
import { guesserOf } from "./guesser.js";
import { budgets } from "./limits.js";
import { mailboxCharge } from "./mailbox-budget.js";
import { insertResetLink } from "./queries/links.js";
import { insertConfirmationEmail } from "./queries/registrations.js";
import { accountBudgetKeys } from "./sign-in-budgets.js";
import { chargeBudgets, createThrottle } from "./throttle.js";

type Context = { db: Database; env: Env<"AUTH_SECRET" | "APP_URL">; request: Request };

const insertFor = { "verify-email": insertConfirmationEmail, "reset-password": insertResetLink };

/**
 * Writes the email that an address gets: a link, a notice, or nothing; the caller cannot tell. Returns the email to
 * send.
 * @throws Problem `rate-limited`
 */
export async function requestEmail(
  { db, env, request }: Context,
  purpose: keyof typeof insertFor,
  email: string,
): Promise<LeasedEmail | null> {
  const ring = keyRing(env.AUTH_SECRET);
  const guesser = guesserOf(ring, request, env, email);
  const throttle = createThrottle(ring[0], [{ budget: budgets.emailByIp, subject: guesser.block }]);
  const row = await db.exactlyOne(
    insertFor[purpose](
      { charge: throttle.charge, mailbox: chargeBudgets(ring[0], [mailboxCharge(email)]) },
      {
        email,
        linkId: uuidv7(),
        emailId: uuidv7(),
        appUrl: env.APP_URL,
        budgetKeys: accountBudgetKeys(ring[0], guesser),
      },
    ),
  );
  throttle.requireRoom(row);
  return row.email;
}
