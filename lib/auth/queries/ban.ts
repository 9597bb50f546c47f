import { type SQL, sql } from "drizzle-orm";

/**
 * Whether the user in `relation` is banned at this moment: a ban may have an end. Never read `banned_at` alone. The rule
 * is the database's function `is_banned`, which the guard calls too.
 */
export const isBanned = (relation: string): SQL =>
  sql.raw(`is_banned(${relation}.banned_at, ${relation}.banned_until)`);
