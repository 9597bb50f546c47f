import type { Keys } from "../crypto/keys.js";
import { emailKey } from "./email-key.js";
import { budgets } from "./limits.js";
import { type Charge, fullRefundOf, type Refund, refundOf, throttleKey } from "./throttle.js";

/** Someone who presents a password for an account. `deviceId`: from the account's device cookie, if the browser has it. */
export type Guesser = { email: string; block: string; deviceId: Buffer | null };

const budgetsOf = ({ email, block, deviceId }: Guesser) => {
  const account = emailKey(email);
  return {
    address: { budget: budgets.signInByIp, subject: block },
    accountAndAddress: { budget: budgets.signInByAccountAndIp, subject: `${account} ${block}` },
    account: { budget: budgets.signInByAccount, subject: account },
    device: deviceId && {
      budget: budgets.signInByDevice,
      subject: `${account} ${deviceId.toString("base64url")}`,
    },
  };
};

/**
 * The budgets that a guess charges, and what a success gives back. A known device has its own budget, so that
 * strangers cannot lock the owner out.
 */
export function signInBudgets(
  keys: Keys,
  guesser: Guesser,
): { charges: [Charge, ...Charge[]]; refunds: Refund[] } {
  const { address, accountAndAddress, account, device } = budgetsOf(guesser);
  if (device) return { charges: [device], refunds: [fullRefundOf(keys, device)] };
  return {
    charges: [address, accountAndAddress, account],
    refunds: [refundOf(keys, address), fullRefundOf(keys, accountAndAddress), refundOf(keys, account)],
  };
}

/** The budgets that guesses at an account spend: that of all guessers, and those of this one. */
export function accountBudgetKeys(keys: Keys, guesser: Guesser): string[] {
  const { accountAndAddress, account, device } = budgetsOf(guesser);
  return [accountAndAddress, account, ...(device ? [device] : [])].map((charge) => throttleKey(keys, charge));
}
