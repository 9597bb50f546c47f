import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import type { Access } from "../../db/query.js";
import { mailboxCharge } from "../auth/mailbox-budget.js";
import { newEventByAdmin } from "../auth/queries/security-events.js";
import { accountBudgetKey } from "../auth/sign-in-budgets.js";
import { createThrottle } from "../auth/throttle.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import type { LeasedEmail } from "../mail/queries.js";
import { Problem } from "../problem.js";
import { authorOf } from "./author.js";
import { insertResetByAdmin, selectResetTarget } from "./queries/password-reset.js";

type Context = { db: Database; env: Env<"AUTH_SECRET" | "APP_URL">; access: Access; requestId: string };

/**
 * Writes the email with the link. Returns null for a repetition. Two round trips: the mailbox's budget has a key that the
 * database cannot derive from the address, because it does not know the secret.
 * @throws Problem `not-found`, `account-closed`, or `rate-limited` if the mailbox has had too many emails
 */
export async function sendResetLink(
  { db, env, access, requestId }: Context,
  userId: string,
): Promise<LeasedEmail | null> {
  const target = await db.maybeOne(selectResetTarget(userId), access);
  if (!target) throw new Problem("not-found");
  if (target.isClosed) throw new Problem("account-closed");
  const ring = keyRing(env.AUTH_SECRET);
  const throttle = createThrottle(ring[0], [mailboxCharge(target.email)]);
  const row = await db.maybeOne(
    insertResetByAdmin({
      userId,
      linkId: uuidv7(),
      emailId: uuidv7(),
      appUrl: env.APP_URL,
      budgetKeys: [accountBudgetKey(ring[0], target.email)],
      charge: throttle.charge,
      author: authorOf(access, env, requestId),
      event: newEventByAdmin(ring),
    }),
    access,
  );
  if (!row) throw new Problem("not-found");
  if (row.isClosed) throw new Problem("account-closed");
  throttle.requireRoom({ wait: row.wait, refused: 1 });
  return row.email;
}
