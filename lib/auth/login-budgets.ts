import type { Keys } from "./keys.js";
import { budgets } from "./limits.js";
import { emailKey } from "./queries/accounts.js";
import { throttleKey } from "./throttle.js";

/** What a guess from `block` at the account of `email` is charged to, and the rows that a success gives back. */
export function loginBudgets(keys: Keys, email: string, block: string) {
  const pair = { budget: budgets.loginByPair, subject: `${emailKey(email)} ${block}` };
  const account = { budget: budgets.loginByAccount, subject: emailKey(email) };
  return {
    charges: [{ budget: budgets.loginByAddress, subject: block }, pair, account],
    pairKey: throttleKey(keys, pair),
    accountKey: throttleKey(keys, account),
  };
}
