import type { Allowance } from "../../db/charge.js";
import type { Keys } from "../crypto/keys.js";
import { type Budget, budgets, dataUnit } from "./limits.js";
import { createCharge, type UnitCharge } from "./throttle.js";
import { unpaidBytes } from "./unpaid-bytes.js";

const dataCharge = (userId: string, units: number): UnitCharge => ({
  budget: budgets.dataByUser,
  subject: userId,
  units,
});

/**
 * The budgets of a user with an access token: one for writes, one for units of data. A read writes nothing until a unit is
 * due. `ofWrite`: the budgets that a write of this kind charges.
 */
export const allowanceOf = (
  keys: Keys,
  userId: string,
  ofWrite: readonly Budget[] = [budgets.writesByUser],
): Allowance => ({
  receive: (bytes) => unpaidBytes.add(userId, bytes),
  chargeFor({ isReadOnly, units: writes = 1 }) {
    const units = unpaidBytes.takeUnits(userId);
    const [first, ...more]: UnitCharge[] = [
      ...(isReadOnly ? [] : ofWrite.map((budget) => ({ budget, subject: userId, units: writes }))),
      ...(units > 0 ? [dataCharge(userId, units)] : []),
    ];
    return first && createCharge(keys, [first, ...more], () => unpaidBytes.returnUnits(userId, units));
  },
});

/**
 * The budget for the data that a user's feed sends. It is separate, so that a stranger with the URL cannot lock the owner out
 * of the API.
 */
export function feedAllowanceOf(keys: Keys, userId: string): Allowance {
  const subject = `feed ${userId}`;
  return {
    receive: (bytes) => unpaidBytes.add(subject, bytes),
    chargeFor() {
      const units = unpaidBytes.takeUnits(subject, dataUnit.maxPerFeed);
      if (units === 0) return undefined;
      const charge = { budget: budgets.feedDataByUser, subject: userId, units };
      return createCharge(keys, [charge], () => unpaidBytes.returnUnits(subject, units));
    },
  };
}

/**
 * The budget of one export. Its first page pays for all, whatever their size: the largest account has several times
 * the data of `dataByUser`, and its owner must be able to download it.
 */
export function exportAllowanceOf(keys: Keys, userId: string, budget: Budget): Allowance {
  let isPaid = false;
  return {
    receive: () => {},
    chargeFor() {
      if (isPaid) return undefined;
      isPaid = true;
      return createCharge(keys, [{ budget, subject: userId }]);
    },
  };
}
