import { type SQL, sql } from "drizzle-orm";
import { isBanned } from "../../auth/queries/ban.js";

/** An admin who can sign in. */
export const isActiveAdmin = (relation: "target_user" | "users"): SQL =>
  sql`(${sql.raw(relation)}.role = 'admin' and not ${isBanned(relation)} and ${sql.raw(relation)}.closed_at is null)`;

/** Safe without further locks: changes by admins run one at a time (db/batch.ts). */
export const hasOtherAdmin: SQL = sql`exists (
  select from users where ${isActiveAdmin("users")} and users.id <> target_user.id)`;

export const targetUser = (condition: SQL): SQL => sql`
  target_user as materialized (select * from users where ${condition} for no key update)`;
