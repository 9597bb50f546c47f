import type { Keys } from "../crypto/keys.js";
import { emailKey } from "./email-key.js";
import { budgets } from "./limits.js";
import { throttleKey } from "./throttle.js";

/** The budgets that a sign-in attempt charges, and the keys of those that a success refunds. */
export function signInBudgets(keys: Keys, email: string, block: string) {
  const account = { budget: budgets.signInByAccount, subject: emailKey(email) };
  const accountAndIp = {
    budget: budgets.signInByAccountAndIp,
    subject: `${emailKey(email)} ${block}`,
  };
  return {
    charges: [{ budget: budgets.signInByIp, subject: block }, accountAndIp, account],
    accountAndIpKey: throttleKey(keys, accountAndIp),
    accountKey: throttleKey(keys, account),
  };
}
