import { type SQL, sql } from "drizzle-orm";
import { reservedAddressSeconds } from "../limits.js";

/** Changes whose previous address only their user may get back. */
const isReserving = (key: SQL): SQL => sql`
  email_changes.from_email_key = ${key} and email_changes.undone_at is null
  and email_changes.changed_at > now() - make_interval(secs => ${reservedAddressSeconds})`;

/** The condition that an address was that of an account until a short time ago: "This wasn't me" can restore it. */
export const isReserved = (key: SQL): SQL =>
  sql`exists (select from email_changes where ${isReserving(key)})`;

/** The same for anyone but one user. */
export const isReservedFromOthers = (key: SQL, userId: SQL): SQL => sql`exists (
  select from email_changes where ${isReserving(key)} and email_changes.user_id <> ${userId})`;

/** The body of a query that finds the account that has an address: (id uuid, email text), at most one row. */
export const ownerOf = (key: SQL): SQL =>
  sql`select users.id, users.email from users where users.email_key = ${key}`;

/**
 * The same for the account for which an address is taken: a reserved address counts. `email` is the address as that
 * account spells it.
 */
export const holderOf = (key: SQL): SQL => sql`
  ${ownerOf(key)}
  union all
  (select email_changes.user_id, email_changes.from_email from email_changes
    where ${isReserving(key)} and not exists (select from users where users.email_key = ${key}) limit 1)`;

/** Serializes the confirmations of one address, so that one of them gets it. */
export const addressLock = (key: SQL): SQL =>
  sql`pg_advisory_xact_lock(hashtext('latchkey confirm'), hashtext(${key}))`;
