import type { Database } from "../../db/client.js";
import type { Keys } from "../crypto/keys.js";
import { Problem } from "../problem.js";
import { bannedProblem } from "./banned-problem.js";
import { budgets } from "./limits.js";
import { hashPassword, needsRehash, verifyPassword } from "./passwords.js";
import type { NewDeviceNotice } from "./queries/new-device-notice.js";
import { type Account, insertSession, type NewSession, type SignedIn } from "./queries/sessions.js";
import { createCharge, type Refund } from "./throttle.js";

export type PasswordSignIn = {
  /** Null: the address has no account. */
  account: Account | null;
  password: string;
  newSession: NewSession;
  notice: NewDeviceNotice | null;
  refunds: Refund[];
  /** See `clientBlock`. */
  block: string;
};

/**
 * Verifies the password and starts a session. Hashes once whether or not the account exists.
 * @throws Problem `invalid-credentials`, and only after the correct password `account-banned`, or `rate-limited` if the
 * account has started too many sessions
 */
export async function signInWithPassword(
  db: Database,
  keys: Keys,
  { account, password, newSession, notice, refunds, block }: PasswordSignIn,
): Promise<SignedIn> {
  const isCorrect = await verifyPassword(password, account?.passwordHash ?? null, block);
  if (!account || !isCorrect) throw new Problem("invalid-credentials");
  if (account.isBanned) throw bannedProblem(account);
  const started = await db.maybeOne(
    insertSession({
      ...newSession,
      notice,
      refunds,
      charge: createCharge(keys, [{ budget: budgets.sessionsByUser, subject: account.id }]),
      userId: account.id,
      verifiedEpoch: account.sessionEpoch,
      newHash: needsRehash(account.passwordHash) ? await hashPassword(password, block) : null,
    }),
  );
  if (!started) throw new Problem("invalid-credentials");
  return started;
}
