import { dataUnit } from "./limits.js";

/** Bounds the memory of an instance: the users that were served longest ago are forgotten first. */
const maxUsers = 10_000;

const bytesByUser = new Map<string, number>();

function add(userId: string, bytes: number): void {
  const total = bytes + (bytesByUser.get(userId) ?? 0);
  bytesByUser.delete(userId);
  bytesByUser.set(userId, total);
  const [oldest] = bytesByUser.keys();
  if (bytesByUser.size > maxUsers && oldest !== undefined) bytesByUser.delete(oldest);
}

/**
 * The bytes that this instance has read from the database for each user and not charged yet. A charge is a write, so
 * it waits for a whole unit. An instance that ends forgives the rest.
 */
export const unpaidBytes = {
  add,

  /** Removes the whole units that are due, up to `most`, and returns their number. */
  takeUnits(userId: string, most: number = dataUnit.maxPerRequest): number {
    const due = Math.floor((bytesByUser.get(userId) ?? 0) / dataUnit.bytes);
    const units = Math.min(due, most);
    if (units > 0) add(userId, -units * dataUnit.bytes);
    return units;
  },

  /** Puts back units that were not charged. */
  returnUnits: (userId: string, units: number): void => add(userId, units * dataUnit.bytes),
};
