import { type SQL, sql } from "drizzle-orm";
import type { Charge } from "./charge.js";
import type { Row } from "./driver.js";
import type { Access, Query } from "./query.js";

/** A query, and what its batch charges. */
export type Job = { query: Query<unknown>; access: Access | undefined; charge: Charge | undefined };

/**
 * Every batch takes its locks in this order, which prevents deadlocks: the budgets of the user (sessions, or writes and
 * then data), the lock of admins, that of `first`, then rows, and last the chains of events (`insertSecurityEvent`).
 * Statements charge, refund and clear only the budgets of addresses, accounts, devices, mailboxes, links and guesses.
 */
export const batchOf = ({ query, access, charge }: Job): SQL[] => [
  ...(access ? guardsOf(access, charge, query) : charge ? [charge.statement] : []),
  ...(query.first ?? []),
  query.statement,
];

/** Serializes changes by admins and operators until the transaction ends. */
export const adminLock = sql`select pg_advisory_xact_lock(hashtext('latchkey admins'))`;

/**
 * The same, and then locks the row of a user. `for no key update` blocks writers, but not the foreign-key checks of
 * inserts that refer to the user.
 */
export const adminLockOf = (userId: SQL): SQL => sql`
  with admin_lock as materialized (${adminLock})
  select from users cross join admin_lock where users.id = ${userId} for no key update of users`;

/**
 * A charge locks its budget, so the writes of one user run one at a time. Changes by admins run one at a time, too:
 * two admins cannot demote each other. The first check keeps other callers from queuing for the locks; the second sees
 * the changes made while waiting for them.
 */
function guardsOf(access: Access, charge: Charge | undefined, { isReadOnly }: Query<unknown>): SQL[] {
  const isAdminChange = access.role === "admin" && !isReadOnly;
  const locks = [...(charge ? [charge.statement] : []), ...(isAdminChange ? [adminLock] : [])];
  const check = requireSession(access);
  return locks.length === 0 ? [check] : [check, ...locks, check];
}

/**
 * A read and its guard in one statement, which saves a transaction. The guard is on the left of an outer join, so
 * Postgres runs it even if the read finds nothing; the result is then one row of nulls.
 */
export const guardedRead = (access: Access, read: SQL) => sql`
  select found.* from ${sessionGuard(access)} as guard
    left join lateral (select true as "isFound", wanted.* from (${read}) as wanted) as found on true`;

export function foundRows(rows: Row[]): Row[] {
  if (rows.length === 0) throw new Error("the guard returned no row");
  return rows.filter(({ isFound }) => isFound !== null);
}

const sessionGuard = ({ sessionId, userId, role }: Access) =>
  sql`require_session(${sessionId}::uuid, ${userId}::uuid, ${role ?? null}::text)`;

const requireSession = (access: Access) => sql`select ${sessionGuard(access)}`;
