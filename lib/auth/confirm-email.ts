import { uuidv7 } from "uuidv7";
import type { Database } from "../../db/client.js";
import type { KeyRing } from "../crypto/keys.js";
import { Problem } from "../problem.js";
import { bannedProblem } from "./banned-problem.js";
import { passwordTags } from "./context-tags.js";
import { budgets } from "./limits.js";
import { type NewPasswordContext, prepareNewPassword } from "./new-password.js";
import { breachedPasswordProblem, contextPasswordProblem, refuseCommonPassword } from "./password-policy.js";
import { signInWithPassword } from "./password-sign-in.js";
import { confirmRegistration } from "./queries/confirmations.js";
import type { NewSession, StartedSession } from "./queries/sessions.js";
import { createThrottle } from "./throttle.js";

export type EmailConfirmation = NewPasswordContext & {
  /** The registration that the link names. */
  linkedId: string;
  /** The registration that this browser made, if it did. */
  ownId: string | null;
  /** The password that the person has typed now, if any. */
  password: string | undefined;
  newSession: NewSession;
};

/**
 * Confirms an email address and signs the person in. If the address was confirmed before, the person has to prove the
 * account's password, by the sign-up of this browser or by typing it.
 * @throws Problem
 */
export async function confirmEmail(
  db: Database,
  ring: KeyRing,
  { linkedId, ownId, password, newSession, ...context }: EmailConfirmation,
): Promise<StartedSession> {
  if (password !== undefined) refuseCommonPassword(password);
  const throttle = createThrottle(ring[0], [
    { budget: budgets.confirmByIp, subject: context.block },
    { budget: budgets.guessesByLink, subject: linkedId },
  ]);
  const typed =
    password === undefined
      ? null
      : { ...(await prepareNewPassword(password, context)), tags: passwordTags(ring, password) };
  const row = await db.exactlyOne(
    confirmRegistration(throttle.charge, { ...newSession, linkedId, ownId, typed, userId: uuidv7() }),
  );
  throttle.requireRoom(row);

  const { outcome, address, account, started } = row;
  if (outcome === "context") throw contextPasswordProblem();
  if (outcome === "breached") throw breachedPasswordProblem();
  if (outcome === "banned" && account) throw bannedProblem(account);
  if (outcome === "password-required")
    throw new Problem("password-required", { extensions: { email: address } });
  if (outcome === "check-password" && account && password !== undefined) {
    // It has charged no sign-in budget, so there is nothing to give back. The link has just proved the mailbox, so a
    // notice there would tell its reader nothing.
    return signInWithPassword(db, ring[0], {
      account,
      password,
      newSession,
      notice: null,
      refunds: [],
      block: context.block,
    });
  }
  if (!started) throw new Problem("invalid-link");
  return started;
}
