import { type SQL, sql } from "drizzle-orm";
import type { Keys } from "../../crypto/keys.js";
import { deviceIssuedAtMs } from "../device-token.js";
import { emailKey } from "../email-key.js";
import { type Guesser, type SignInBudgets, signInBudgets } from "../sign-in-budgets.js";
import { chargeEither, createThrottle, requireRoom } from "../throttle.js";

/** `isKnownDevice`: the device token of the request counts. */
type Row = { wait: number; refused: number | null; isKnownDevice: boolean };

export type SignInThrottle = {
  /** SQL with one row, `(wait, refused, is_known)`. */
  charge: SQL;
  /**
   * Returns the charges that a success gives back.
   * @throws Problem `rate-limited` if a budget was spent
   */
  requireRoom(row: Row): SignInBudgets["refunds"];
};

/** The condition that a device token counts: "This wasn't me" voids all earlier ones. `users` must be in scope. */
const isKnown = (deviceId: Buffer): SQL => sql`
  users.devices_valid_from is null
  or to_timestamp(${deviceIssuedAtMs(deviceId) / 1000}::float8) between users.devices_valid_from and now()`;

/**
 * The budgets of a sign-in. Whether a device token counts is known only to the database, so the statement chooses.
 * @throws Problem `rate-limited` if this instance remembers that one is spent
 */
export function createSignInThrottle(keys: Keys, guesser: Guesser): SignInThrottle {
  const { ofDevice, ofStranger } = signInBudgets(keys, guesser);
  const budgetsOf = ({ isKnownDevice }: Row) => (isKnownDevice && ofDevice ? ofDevice : ofStranger);
  return {
    charge:
      ofDevice && guesser.deviceId
        ? sql`(
          select budget.wait, budget.refused, device.is_known
            from (select coalesce((select ${isKnown(guesser.deviceId)} from users
                                    where users.email_key = ${emailKey(guesser.email)}), true) as is_known) as device
           cross join lateral ${chargeEither(keys, sql`device.is_known`, ofDevice.charges, ofStranger.charges)}
              as budget)`
        : sql`(select budget.wait, budget.refused, false as is_known
                 from ${createThrottle(keys, ofStranger.charges).charge} as budget)`,
    requireRoom(row) {
      const { charges, refunds } = budgetsOf(row);
      requireRoom(keys, charges, row);
      return refunds;
    },
  };
}
