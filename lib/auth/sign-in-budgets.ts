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

/** The charges of a guess, and what a success gives back. */
export type SignInBudgets = { charges: readonly [Charge, ...Charge[]]; refunds: Refund[] };

/**
 * The budgets that a guess charges. A known device has its own budget, so that strangers cannot lock the owner out.
 * Null: the browser has no device token of the account. The database decides whether the token still counts.
 */
export function signInBudgets(
  keys: Keys,
  guesser: Guesser,
): { ofDevice: SignInBudgets | null; ofStranger: SignInBudgets } {
  const { address, accountAndAddress, account, device } = budgetsOf(guesser);
  return {
    ofDevice: device && { charges: [device], refunds: [fullRefundOf(keys, device)] },
    ofStranger: {
      charges: [address, accountAndAddress, account],
      refunds: [refundOf(keys, address), fullRefundOf(keys, accountAndAddress), refundOf(keys, account)],
    },
  };
}

/** The budgets that guesses at an account spend: that of all guessers, and those of this one. */
export function accountBudgetKeys(keys: Keys, guesser: Guesser): string[] {
  const { accountAndAddress, account, device } = budgetsOf(guesser);
  return [accountAndAddress, account, ...(device ? [device] : [])].map((charge) => throttleKey(keys, charge));
}

/** The budget of all guessers at an account, without those of one guesser. */
export const accountBudgetKey = (keys: Keys, email: string): string =>
  throttleKey(keys, { budget: budgets.signInByAccount, subject: emailKey(email) });
