import type { Allowance } from "../../db/charge.js";
import type { Keys } from "../crypto/keys.js";
import { budgets } from "./limits.js";
import { createCharge, type UnitCharge } from "./throttle.js";
import { unpaidBytes } from "./unpaid-bytes.js";

/**
 * The budgets of a user with an access token: each write charges one, and each unit of data the other. Reads write
 * nothing until a unit is due.
 */
export const allowanceOf = (keys: Keys, userId: string): Allowance => ({
  receive: (bytes) => unpaidBytes.add(userId, bytes),
  chargeFor({ isReadOnly }) {
    const units = unpaidBytes.takeUnits(userId);
    const [first, ...more]: UnitCharge[] = [
      ...(isReadOnly ? [] : [{ budget: budgets.writesByUser, subject: userId }]),
      ...(units > 0 ? [{ budget: budgets.dataByUser, subject: userId, units }] : []),
    ];
    return first && createCharge(keys, [first, ...more], () => unpaidBytes.returnUnits(userId, units));
  },
});

/**
 * The budget of one export. Its first page pays for all, whatever their size: the largest account has several times
 * the data of `dataByUser`, and its owner must be able to download it.
 */
export function exportAllowanceOf(keys: Keys, userId: string): Allowance {
  let isPaid = false;
  return {
    receive: () => {},
    chargeFor() {
      if (isPaid) return undefined;
      isPaid = true;
      return createCharge(keys, [{ budget: budgets.exportsByUser, subject: userId }]);
    },
  };
}
