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
