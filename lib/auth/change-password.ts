import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import type { Access } from "../../db/query.js";
import type { KeyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import type { LeasedEmail } from "../mail/queries.js";
import { bearerProblem } from "./challenge.js";
import { passwordTags } from "./context-tags.js";
import { guessBudgets } from "./guess-budgets.js";
import { guesserOf } from "./guesser.js";
import { type NewPasswordContext, prepareNewPassword } from "./new-password.js";
import {
  breachedPasswordProblem,
  contextPasswordProblem,
  refuseCommonPassword,
  unchangedPasswordProblem,
  wrongCurrentPasswordProblem,
} from "./password-policy.js";
import { isSamePassword, verifyPassword } from "./passwords.js";
import {
  type ChangingAccount,
  type HeldSession,
  selectForPasswordChange,
} from "./queries/changing-account.js";
import { replacePassword } from "./queries/password-change.js";
import { newEvent } from "./queries/security-events.js";
import { accountBudgetKeys } from "./sign-in-budgets.js";
import { createThrottle } from "./throttle.js";

export type PasswordChangeRequest = NewPasswordContext & {
  env: Env<"APP_URL">;
  request: Request;
  currentPassword: string;
  newPassword: string;
};

/** `email`: the notice, null for a repeated request. */
export type ChangedPassword = { session: HeldSession; email: LeasedEmail | null };

const sessionEnded = () => bearerProblem("session-ended", "invalid_token");

/**
 * Verifies the current password and sets the new one. Hashes the new one only after the current one was right.
 * @throws Problem
 */
export async function changeOwnPassword(
  db: Database,
  ring: KeyRing,
  access: Access,
  { currentPassword, newPassword, request, ...context }: PasswordChangeRequest,
): Promise<ChangedPassword> {
  refuseCommonPassword(newPassword, "newPassword");
  if (isSamePassword(currentPassword, newPassword)) throw unchangedPasswordProblem();
  const { charges, refunds } = guessBudgets(ring[0], access);
  const throttle = createThrottle(ring[0], charges);
  const { account, session, ...charged } = await db.exactlyOne(
    selectForPasswordChange(throttle.charge, access),
    access,
  );
  throttle.requireRoom(charged);
  if (!account || !session) throw sessionEnded();
  if (!(await verifyPassword(currentPassword, account.passwordHash, context.block)))
    return repeatedChange(account, session, newPassword, context.block);

  const { passwordHash, isBreached } = await prepareNewPassword(newPassword, context);
  if (isBreached) throw breachedPasswordProblem("newPassword");
  const row = await db.exactlyOne(
    replacePassword({
      ...access,
      verifiedEpoch: account.sessionEpoch,
      passwordHash,
      passwordTags: passwordTags(ring, newPassword),
      refunds,
      clearedBudgets: accountBudgetKeys(ring[0], guesserOf(ring, request, context.env, account.email)),
      event: newEvent(ring, request.headers, context.env),
      emailId: uuidv7(),
      appUrl: context.env.APP_URL,
    }),
    access,
  );
  if (row.outcome === "context") throw contextPasswordProblem("newPassword");
  if (!row.account || !row.session) throw sessionEnded();
  if (row.outcome === "stale") return repeatedChange(row.account, row.session, newPassword, context.block);
  return { session: row.session, email: row.email };
}

/**
 * A retry whose first response was lost: the new password stands already. Only the session that has set it may ask
 * this way, and only for a short time, because it is a second guess for one charge.
 */
async function repeatedChange(
  { isOwnChange, passwordHash }: ChangingAccount,
  session: HeldSession,
  newPassword: string,
  block: string,
): Promise<ChangedPassword> {
  if (isOwnChange && (await verifyPassword(newPassword, passwordHash, block)))
    return { session, email: null };
  throw wrongCurrentPasswordProblem();
}
