import type { Keys } from "../crypto/keys.js";
import { budgets } from "./limits.js";
import { type Charge, fullRefundOf, type Refund, refundOf } from "./throttle.js";

/**
 * The budgets of passwords that the bearer of an access token presents, and what a correct one gives back. Those of
 * sign-in belong to an address, which the token does not name, and strangers can spend them.
 */
export function guessBudgets(
  keys: Keys,
  { sessionId, userId }: { sessionId: string; userId: string },
): { charges: [Charge, ...Charge[]]; refunds: Refund[] } {
  const ofSession = { budget: budgets.guessesBySession, subject: sessionId };
  const ofUser = { budget: budgets.guessesByUser, subject: userId };
  return { charges: [ofSession, ofUser], refunds: [fullRefundOf(keys, ofSession), refundOf(keys, ofUser)] };
}
